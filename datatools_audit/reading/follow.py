"""A log as it grows: each record once it is whole, across midnight and through a new file."""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING

from datatools_audit.reading.reader import LONGEST_LINE_BYTES, parse_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from datatools_audit.reading.reader import Record

_OLD_DAYS = 2


class _Growing:
    """One file: what was appended since the last look."""

    def __init__(self, path: Path, offset: int) -> None:
        self.path = path
        self._offset = offset
        self._identity: tuple[int, int] | None = None

    def new(self) -> Iterator[Record]:
        """Yield the whole lines that have come; nothing while no plain file is there."""
        if not self.path.is_file():  # to open a FIFO would wait
            return
        with contextlib.suppress(OSError), self.path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            identity = status.st_dev, status.st_ino
            is_other = self._identity not in (None, identity) or status.st_size < self._offset
            self._offset = 0 if is_other else self._offset
            self._identity = identity
            stream.seek(self._offset)
            yield from self._lines(stream)

    def _lines(self, stream: IO[bytes]) -> Iterator[Record]:
        while raw := stream.readline(LONGEST_LINE_BYTES):
            if not raw.endswith(b"\n") and len(raw) < LONGEST_LINE_BYTES:
                return  # its end is still to come
            record = parse_line(raw, self.path, self._offset)
            self._offset += len(raw)
            if raw.strip():
                yield record


def follow(
    path: Callable[[], Path], wait: Callable[[], bool], *, offset: int = 0
) -> Iterator[Record]:
    """Yield the records of the present log as they come.

    An event of a moment before midnight may be written after it, so the log of the day before
    is looked at too.

    Args:
        path: Returns the present log; another one on the next day.
        wait: Waits a moment and tells whether to go on.
        offset: Where in the first log to begin, bytes.
    """
    logs = [_Growing(path(), offset)]
    while True:
        now = path()
        if now != logs[-1].path:
            logs = [*logs[1 - _OLD_DAYS :], _Growing(now, 0)]
        for log in logs:
            yield from log.new()
        if not wait():
            return
