"""Days gone by as ``.jsonl.gz``: nothing lost on the way, nothing doubled behind it."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import zlib
from typing import IO, TYPE_CHECKING

from datatools_audit.writer import filelock
from datatools_audit.writer.flags import flags
from datatools_audit.writer.retention import list_logs
from datatools_audit.writer.spool import is_at, log_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DAY = re.compile(r"datatools-(\d{4}-\d{2}-\d{2})\.jsonl", re.ASCII)
_NEW = ".gz.new"
_READ = flags(os.O_RDONLY, "O_NONBLOCK")
_MAKE = flags(os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
_LATE = flags(os.O_WRONLY | os.O_CREAT | os.O_APPEND)
_PIECE_BYTES = 1 << 20
_TRAILER_BYTES = 8
_GZIP = 16 + zlib.MAX_WBITS


def pack_days(folder: Path, today: str) -> tuple[str, ...]:
    """Pack the logs of the days before today, one behind the other.

    It takes seconds for a log of some hundred MB, and holds no lock that a writer of
    today's log waits for. What another process packs at this moment is left to it.

    Args:
        folder: The folder of the logs.
        today: The local date, ``YYYY-MM-DD``.

    Returns:
        The days that were packed. None on Windows, where what is open cannot be removed.

    Raises:
        OSError: The folder cannot be read, or a log not be packed: it stays as it is.
    """
    if sys.platform == "win32":
        return ()
    for made in folder.glob(f"datatools-*.jsonl{_NEW}"):  # of a process that was killed here
        if not made.with_name(made.name.removesuffix(_NEW)).exists():
            made.unlink(missing_ok=True)
    found = {match[1] for each in list_logs(folder) if (match := _DAY.fullmatch(each.name))}
    return tuple(day for day in sorted(found) if day < today and _pack(folder / log_name(day)))


def _pack(log: Path) -> bool:
    """Put one log into its archive, behind what is there, and remove it."""
    archive, made = log.with_name(f"{log.name}.gz"), log.with_name(f"{log.name}{_NEW}")
    try:
        handle = os.open(log, _READ)
    except FileNotFoundError:  # another process was quicker
        return False
    with os.fdopen(handle, "rb") as plain:
        with filelock.held(handle) as is_locked:
            status = os.fstat(handle)
            # Without the lock somebody else packs it or writes to it; an empty one is just made.
            if not is_locked or not status.st_size or not is_at(log, handle):
                return False
            try:
                if not _has(archive, plain):
                    _write(plain, archive, made, status)
                    made.replace(archive)
                log.unlink()
            except BaseException:
                made.unlink(missing_ok=True)
                raise
        _write_late(plain.read(), log)
    return True


def _has(archive: Path, plain: IO[bytes]) -> bool:
    """Tell whether the archive ends with that log: who packed it was killed before removing it.

    What a member of an archive ends with is the checksum and the length of what is in it.
    """
    try:
        with archive.open("rb") as packed:
            packed.seek(-_TRAILER_BYTES, os.SEEK_END)
            trailer = packed.read()
    except FileNotFoundError:
        return False
    checksum = size = 0
    for piece in _pieces(plain):
        checksum, size = zlib.crc32(piece, checksum), size + len(piece)
    is_in = trailer == checksum.to_bytes(4, "little") + (size % (1 << 32)).to_bytes(4, "little")
    if not is_in:
        plain.seek(0)
    return is_in


def _write(plain: IO[bytes], archive: Path, made: Path, status: os.stat_result) -> None:
    """Make the new archive: the old one as it is, and behind it the log as one more member."""
    with os.fdopen(os.open(made, _MAKE, stat.S_IMODE(status.st_mode)), "wb") as target:
        with contextlib.suppress(FileNotFoundError), archive.open("rb") as packed:
            target.writelines(_pieces(packed))
        packer = zlib.compressobj(wbits=_GZIP)
        for piece in _pieces(plain):
            target.write(packer.compress(piece))
        target.write(packer.flush())
        target.flush()
        os.fsync(target.fileno())
    os.utime(made, ns=(status.st_atime_ns, status.st_mtime_ns))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _write_late(lines: bytes, log: Path) -> None:
    """Give lines that somebody wrote without the lock, amid the removal, a log again."""
    if lines:
        handle = os.open(log, _LATE, 0o600)
        try:
            os.write(handle, lines)
        finally:
            os.close(handle)
