"""The last lines of a log, read from its end: how long it is does not matter."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from datatools_audit.reading.reader import Record, parse_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST_BYTES = 256 << 10
MOST_BYTES = 64 << 20
_GROWTH = 4


def last_records(
    path: Path, is_enough: Callable[[list[Record]], bool], *, end: int | None = None
) -> list[Record]:
    """Return the records at the end of a log, as many as are enough, or all of them.

    Args:
        path: A plain log: a ``.gz`` has no other way in than its beginning.
        is_enough: Is asked whether these suffice; if not, four times as much is read, up to
            64 MiB.
        end: Where to take the log's end to be, bytes; where it ends now when None.

    Raises:
        OSError: It cannot be read.
    """
    size = path.stat().st_size if end is None else end
    wanted = FIRST_BYTES
    while True:
        found = _last(path, max(0, size - wanted), size)
        if wanted >= min(size, MOST_BYTES) or is_enough(found):
            return found
        wanted *= _GROWTH


def _last(path: Path, start: int, end: int) -> list[Record]:
    with path.open("rb") as stream:
        if start:
            stream.seek(start - 1)
            start += len(stream.readline()) - 1  # the line that was cut
        data = stream.read(max(0, end - start))
    found = []
    for line in io.BytesIO(data):
        if line.strip():
            found.append(parse_line(line, path, start))
        start += len(line)
    return found


def end_of_lines(path: Path) -> int:
    """Return where the last whole line of a plain file ends; what is behind it is still to come.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        at = stream.seek(0, 2)
        while at:
            start = max(0, at - FIRST_BYTES)
            stream.seek(start)
            newline = stream.read(at - start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1
            at = start
    return 0
