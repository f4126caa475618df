"""Days gone by as ``.jsonl.gz``: nothing lost on the way, nothing doubled behind it."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import zlib
from typing import IO, TYPE_CHECKING, cast

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
_MAKE = flags(os.O_WRONLY | os.O_CREAT | os.O_TRUNC, "O_NONBLOCK")
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
        OSError: The folder cannot be read, or a log not be packed: it stays as it is, and the
            others are packed.
    """
    if sys.platform == "win32":
        return ()
    for made in folder.glob(f"datatools-*.jsonl{_NEW}"):  # of a process that was killed here
        if not made.with_name(made.name.removesuffix(_NEW)).exists():
            made.unlink(missing_ok=True)
    found = {match[1] for each in list_logs(folder) if (match := _DAY.fullmatch(each.name))}
    packed, errors = [], []
    for day in sorted(found):
        try:
            if day < today and _pack(folder / log_name(day)):
                packed.append(day)
        except OSError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return tuple(packed)


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
            between = _looked_through(archive, plain)
            if plain.tell() < status.st_size:
                try:
                    _write(plain, archive, between, made, status)
                    made.replace(archive)
                except BaseException:
                    made.unlink(missing_ok=True)
                    raise
            log.unlink()
        _write_late(plain.read(), log)
    return True


def _looked_through(archive: Path, plain: IO[bytes]) -> bytes:
    """Read an archive to its end, and pass over what of the log is in it.

    Returns:
        What has to come between it and the log: the newline that its last line lacks.

    Raises:
        OSError: It is no plain file, or damaged: nobody could read what comes behind that.
    """
    import gzip  # rarely needed, and not cheap

    last = b"\n"
    try:
        with _open_plain(archive) as packed, gzip.GzipFile(fileobj=packed) as unpacked:
            for piece in _pieces(cast("IO[bytes]", unpacked)):
                last = piece[-1:]
            if packed.seek(0, os.SEEK_END):
                packed.seek(-_TRAILER_BYTES, os.SEEK_END)
                _pass_over(packed.read(), plain)
    except FileNotFoundError:
        return b""
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OSError(errno.EINVAL, f"the archive is damaged: {error}", str(archive)) from error
    return b"" if last == b"\n" else b"\n"


def _pass_over(trailer: bytes, plain: IO[bytes]) -> None:
    """Pass over the beginning of a log that an archive ends with, if it does.

    Who packed that was killed before the removal, and lines may have come behind it. What a
    member of an archive ends with is the checksum and the length of what is in it.
    """
    wanted, left = (int.from_bytes(part, "little") for part in (trailer[:4], trailer[4:]))
    checksum = 0
    while piece := plain.read(min(left, _PIECE_BYTES)):
        checksum, left = zlib.crc32(piece, checksum), left - len(piece)
        if not left:
            if checksum == wanted:
                return
            left = 1 << 32  # which is how far a length is counted
    plain.seek(0)


def _write(
    plain: IO[bytes], archive: Path, between: bytes, made: Path, status: os.stat_result
) -> None:
    """Make the new archive: the old one as it is, and behind it the log as one more member."""
    with _open_plain(made, _MAKE, stat.S_IMODE(status.st_mode)) as target:
        if archive.exists():
            with _open_plain(archive) as packed:
                target.writelines(_pieces(packed))
        if between:
            target.write(zlib.compress(between, wbits=_GZIP))
        packer = zlib.compressobj(wbits=_GZIP)
        for piece in _pieces(plain):
            target.write(packer.compress(piece))
        target.write(packer.flush())
        target.flush()
        os.fchmod(target.fileno(), stat.S_IMODE(status.st_mode))
        os.fsync(target.fileno())
    os.utime(made, ns=(status.st_atime_ns, status.st_mtime_ns))


def _open_plain(path: Path, how: int = _READ, mode: int = 0) -> IO[bytes]:
    """Open a plain file; never follow a link, never wait for a FIFO's other end."""
    handle = os.open(path, how, mode)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return os.fdopen(handle, "rb" if how == _READ else "wb")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _write_late(lines: bytes, log: Path) -> None:
    """Give lines that somebody wrote without the lock, amid the removal, a log again."""
    if lines:
        with os.fdopen(os.open(log, _LATE, 0o600), "ab") as file:
            file.write(lines)
