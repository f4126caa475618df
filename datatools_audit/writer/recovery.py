"""What a dead process had queued goes into the log, once."""

from __future__ import annotations

import contextlib
import os
import time
import zlib
from calendar import timegm
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import orjson

from datatools_audit.writer import ringfile
from datatools_audit.writer.flags import flags
from datatools_audit.writer.ring import own_rings
from datatools_audit.writer.spool import day_of, log_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from datatools_audit.writer.ringfile import About, Remains
    from datatools_audit.writer.spool import Sink

_BLOCK_BYTES = 1 << 20
_OWN_BYTES = 2 << 20
_KEPT_SECONDS = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Death:
    """What is known of a process that ended without writing its queue.

    Attributes:
        proc: Its ``proc``.
        lines: The lines that the log lacks, oldest first.
        missing: How many records neither the log nor the ring has.
        last_ts: The ``ts`` of its last record; None when the ring has none.
        crash: The dump of a native crash, or an empty text.
    """

    proc: str
    lines: tuple[bytes, ...]
    missing: int
    last_ts: str | None
    crash: str


class Tell(Protocol):
    """Makes the records that speak of a death, to be written behind its lines."""

    def __call__(self, death: Death) -> Iterable[bytes]:
        """Return the lines."""


def recover(folder: Path, sink: Sink, tell: Tell) -> list[Death]:
    """Write what dead processes of that folder had queued, and remove their rings.

    A process that dies in the middle of this has written some lines and left the ring; the
    next one writes the others.

    Args:
        folder: The folder of the logs.
        sink: Writes there.
        tell: Makes the records that speak of a death.

    Returns:
        The deaths, in no order.

    Raises:
        OSError: The log cannot be read or written; the rings stay.
    """
    deaths = []
    for path in ringfile.find_all():
        if path in own_rings():
            continue
        opened = ringfile.open_dead(path)
        if opened is None:
            ringfile.remove_unready(path)
            continue
        handle, about = opened
        try:
            if _is_same(about.folder, folder):
                death = _death(about, ringfile.read(handle, about), folder)
                _write(sink, [*death.lines, *tell(death)])
                deaths.append(death)
                path.unlink(missing_ok=True)
            elif time.time() - os.fstat(handle).st_mtime > _KEPT_SECONDS:
                _forget_if_old(path, ringfile.read(handle, about))
        finally:
            os.close(handle)
    return deaths


def _is_same(one: Path, other: Path) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def _forget_if_old(path: Path, remains: Remains) -> None:
    """Remove the ring of an app that has not been started for a week."""
    stamp = max(remains.lines.values(), default=b"")[7:26].decode("ascii", "replace")
    with contextlib.suppress(ValueError):
        newest = timegm(time.strptime(stamp, "%Y-%m-%dT%H:%M:%S")) if stamp else 0
        if time.time() - newest > _KEPT_SECONDS:
            path.unlink(missing_ok=True)


def _death(about: About, remains: Remains, folder: Path) -> Death:
    lines = remains.lines
    present: set[int] = set()
    for day in sorted({day_of(line) for line in lines.values()}):
        log = folder / log_name(day)
        present |= {*_last_seqs(log, about.proc), *_packed_seqs(log, about.proc)}
    last = max(lines.values(), default=None)
    return Death(
        about.proc,
        tuple(line for seq, line in lines.items() if seq not in present),
        _missing(remains, present),
        last[7:36].decode() if last else None,
        remains.crash,
    )


def _missing(remains: Remains, present: set[int]) -> int:
    """Count the records between the log's last one and the ring's that neither has."""
    kept = remains.lines.keys()
    if not kept:
        return 0
    first = min(kept)
    before = first - 1 if remains.settled else 0
    begin = 1 + max((seq for seq in present if seq < first), default=before)
    return len(set(range(begin, max(kept) + 1)) - kept - present)


def _last_seqs(path: Path, proc: str) -> Iterator[int]:
    """Yield the numbers of a process's lines in a log, from the end back.

    Far enough back to find whatever was written and not settled: a batch is 256 KiB.
    """
    mark = _mark(proc)
    seen = 0
    for block in _blocks_from_end(path):
        if mark not in block:
            continue
        for line in block.splitlines():
            if mark in line:
                seen += len(line)
                yield from _seq_in(line, proc)
        if seen > _OWN_BYTES:
            return


def _packed_seqs(path: Path, proc: str) -> Iterator[int]:
    """Yield the numbers of a process's lines in a day that was packed since, if it was.

    An archive that is broken, or none, has what could be read of it: a line twice is better
    than none.
    """
    import gzip  # rarely needed, and not cheap

    mark = _mark(proc)
    with (
        contextlib.suppress(OSError, zlib.error, EOFError),
        open(path.with_name(f"{path.name}.gz"), "rb", opener=_opener) as archive,
        gzip.GzipFile(fileobj=archive) as lines,
    ):
        for line in lines:
            if mark in line:
                yield from _seq_in(line, proc)


def _mark(proc: str) -> bytes:
    """Return what every line of a process has in it."""
    return b'"proc":"' + proc.encode() + b'"'


def _seq_in(line: bytes, proc: str) -> Iterator[int]:
    """Yield a line's number if it is that process's, and whole.

    It is parsed: half a line is none, and the mark may stand in an extra of another's.
    """
    with contextlib.suppress(ValueError, TypeError, KeyError):
        record = orjson.loads(line)
        if record["proc"] == proc:
            yield int(record["seq"])


def _blocks_from_end(path: Path) -> Iterator[bytes]:
    """Yield a file's blocks of whole lines, the last one first."""
    try:
        file = open(path, "rb", opener=_opener)  # noqa: SIM115 -- Path has no opener
    except FileNotFoundError:
        return
    with file:
        end = file.seek(0, os.SEEK_END)
        rest = b""
        while end > 0:
            start = max(0, end - _BLOCK_BYTES)
            file.seek(start)
            block = file.read(end - start) + rest
            cut = block.find(b"\n") + 1 if start else 0
            rest, end = block[:cut], start
            yield block[cut:]


def _opener(path: str, given: int) -> int:
    return os.open(path, flags(given, "O_NONBLOCK"))


def _write(sink: Sink, lines: Sequence[bytes]) -> None:
    while lines:
        lines = lines[sink.append(lines) :]
