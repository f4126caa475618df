"""The sink used in production: one file a day, whole lines, appended."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from bisect import bisect_right
from calendar import timegm
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from datatools_audit.writer import filelock
from datatools_audit.writer.flags import flags

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_FLAGS = flags(os.O_RDWR | os.O_APPEND | os.O_CREAT, "O_NONBLOCK")

_LOOKS = 10
_TRIES = 10
_LOOK_SECONDS = 0.005
_TS = slice(7, 26)  # the part of `{"ts":"2026-05-19T21:22:47.123+00:00"` up to the second


class Sink(Protocol):
    """Where encoded lines go. May block and may raise; only the worker calls it."""

    def append(self, lines: Sequence[bytes]) -> int:
        """Write some of the lines, from the first on, each whole.

        Returns:
            How many are written, at least one.

        Raises:
            OSError: None could be written.
        """

    def close(self) -> None:
        """Write nothing more, also when an append that hangs now comes back. Any thread."""


class Spool:
    """The folder of daily files.

    Lines that were written and could not be synced are written once more to the same place:
    after an ``fsync`` that failed the kernel takes its pages for clean, and the next one
    succeeds over data that never reached the disk.

    A line belongs to the file of the local date of its own ``ts``, whenever it is written.
    The file is opened for each batch: a folder that was deleted, or a file that was
    replaced, costs nothing then.

    Args:
        folder: Returns the folder, asked at each batch, and whether it is the stand-in in
            a folder that everybody may write to.
        fsync: Returns whether a batch has to reach the disk itself.
    """

    def __init__(
        self, folder: Callable[[], tuple[Path, bool]], fsync: Callable[[], bool] = lambda: False
    ) -> None:
        self._folder = folder
        self._fsync = fsync
        self._closed = False
        self._unsynced: _Unsynced | None = None

    def close(self) -> None:
        """Write nothing more; see ``Sink``. What hangs in the write itself cannot be held."""
        self._closed = True

    def append(self, lines: Sequence[bytes]) -> int:
        """Append the lines of the first line's day; see ``Sink``."""
        day, count = first_day(lines)
        folder, is_stand_in = self._folder()
        make_folder(folder, owned=is_stand_in)
        return self._append(folder / log_name(day), lines[:count])

    def _append(self, path: Path, lines: Sequence[bytes], tries: int = _TRIES) -> int:
        handle = _open_plain(path)
        try:
            with filelock.held(handle) as is_locked:
                if self._closed:
                    raise OSError(errno.ECANCELED, "the writer is closed", str(path))
                if not is_at(path, handle):  # packed, while this waited for it
                    if tries:
                        return self._append(path, lines, tries - 1)
                    _require_a_name(path, handle)
                if not is_locked:
                    _wait_for_a_whole_line(handle)
                again = self._unsynced
                if again is None or not again.is_begun_by(lines, handle):
                    again = None
                    done = lines[: _write(handle, lines)]
                else:
                    again.write(path)
                    done = again.lines
                if done and self._fsync():
                    self._unsynced = again or _Unsynced(done, handle)
                    os.fsync(handle)
                self._unsynced = None
        finally:
            os.close(handle)
        if not done:
            raise OSError(errno.ENOSPC, "only a part of a line could be written", str(path))
        return len(done)


class _Unsynced:
    """Lines that are in the file, and of which nobody knows whether they are on the disk."""

    def __init__(self, lines: Sequence[bytes], handle: int) -> None:
        self.lines = list(lines)
        self._data = b"".join(lines)
        self._start = os.lseek(handle, 0, os.SEEK_CUR) - len(self._data)
        self._file = _identity(handle)

    def is_begun_by(self, lines: Sequence[bytes], handle: int) -> bool:
        """Tell whether these lines begin with them, and the file has them still."""
        return list(lines[: len(self.lines)]) == self.lines and _identity(handle) == self._file

    def write(self, path: Path) -> None:
        """Write them once more where they are; not through a handle that appends."""
        handle = os.open(path, _FLAGS & ~(os.O_APPEND | os.O_CREAT))
        try:
            if _identity(handle) == self._file:
                os.lseek(handle, self._start, os.SEEK_SET)
                os.write(handle, self._data)
        finally:
            os.close(handle)


def _identity(handle: int) -> tuple[int, int]:
    status = os.fstat(handle)
    return status.st_dev, status.st_ino


def is_at(path: Path, handle: int) -> bool:
    """Tell whether the file that is open is the one of that name, not one that was."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _require_a_name(path: Path, handle: int) -> None:
    """Refuse a file that is removed; one whose system tells other ids by its name is none."""
    if os.fstat(handle).st_nlink == 0:
        raise OSError(errno.EAGAIN, "the log is removed again and again", str(path))


def log_name(day: str) -> str:
    """Return the name of a day's file; the day as ``YYYY-MM-DD``."""
    return f"datatools-{day}.jsonl"


def local_day(seconds: float) -> str:
    """Return the local date of a moment, seconds since the epoch."""
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def first_day(lines: Sequence[bytes]) -> tuple[str, int]:
    """Return the local date of the first line, and how many lines in a row share it.

    Each line begins with its ``ts``, so the least and the greatest line bound the times
    in between, and one comparison in C settles the usual batch.
    """
    day, offset = _day_of(lines[0])
    if len(lines) == 1:
        return day, 1
    # With one offset from UTC at both ends, local time has not been set back in between.
    if (day, offset) == _day_of(min(lines)) == _day_of(max(lines)):
        return day, len(lines)
    count = 1
    while count < len(lines) and _day_of(lines[count])[0] == day:
        count += 1
    return day, count


def _day_of(line: bytes) -> tuple[str, int]:
    text = line[_TS]
    spans = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))
    try:
        local = time.localtime(timegm(tuple(int(text[start:end]) for start, end in spans)))
    except (ValueError, OverflowError):  # one bad line must not stop the log
        local = time.localtime()
    return time.strftime("%Y-%m-%d", local), local.tm_gmtoff


def day_of(line: bytes) -> str:
    """Return the local date of a line."""
    return _day_of(line)[0]


def make_folder(folder: Path, *, owned: bool) -> None:
    """Make the folder and what is missing above it, for the user only (0700).

    Args:
        folder: May exist; then its mode stays.
        owned: Whether it has to be a real folder of this user. So it must be where
            everybody may write: another user could have put it there first.

    Raises:
        OSError: It cannot be made, or it is somebody else's.
    """
    missing = []
    step = folder
    while not os.path.lexists(step) and step != step.parent:
        missing.append(step)
        step = step.parent
    for step in reversed(missing):
        try:
            step.mkdir(0o700)
        except FileExistsError:  # another process was quicker
            continue
    if owned and hasattr(os, "getuid"):
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise PermissionError(errno.EPERM, "the folder belongs to somebody else", str(folder))


def _write(handle: int, lines: Sequence[bytes]) -> int:
    """Write lines behind what the file has; return how many are in it whole."""
    if _ends_in_half_a_line(handle):
        os.write(handle, b"\n")
    data = b"".join(lines)
    written = os.write(handle, data)
    if written == len(data):
        return len(lines)
    # A line that lacks its newline only is whole: the next append gives it.
    return bisect_right(list(accumulate(map(len, lines))), written + 1)


def _open_plain(path: Path) -> int:
    """Open the file for appending; made with mode 0600. Never waits for a FIFO's reader."""
    handle = os.open(path, _FLAGS, 0o600)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return handle


def _wait_for_a_whole_line(handle: int) -> None:
    """Give another process's write the time to end: without the lock it may be seen half done."""
    for _ in range(_LOOKS):
        if not _ends_in_half_a_line(handle):
            return
        time.sleep(_LOOK_SECONDS)


def _ends_in_half_a_line(handle: int) -> bool:
    size = os.fstat(handle).st_size
    if size == 0:
        return False
    if sys.platform == "win32":
        os.lseek(handle, -1, os.SEEK_END)
        return os.read(handle, 1) != b"\n"
    return os.pread(handle, 1, size - 1) != b"\n"
