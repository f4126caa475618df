"""An advisory lock on the log file, between the workers of several processes."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WAIT_SECONDS = 1.0
_PAUSE_SECONDS = 0.002


@contextlib.contextmanager
def held(handle: int) -> Iterator[bool]:
    """Hold the lock while the block runs; after a second without it, run all the same.

    Yields whether it is held.

    Whole-line appends are safe without it on a local disk. It orders the repair of a half
    line, and it makes appends whole on Windows and on network drives.

    ``flock`` and not ``lockf``: a POSIX lock is lost as soon as any reader in this process
    closes the file.
    """
    locked = _acquire(handle)
    try:
        yield locked
    finally:
        if locked:
            _release(handle)


def _acquire(handle: int) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            _try_lock(handle)
        except OSError as error:
            busy = error.errno in (errno.EAGAIN, errno.EACCES, errno.EINTR, errno.EDEADLK)
            if not busy or time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE_SECONDS)
        else:
            return True


def own(handle: int) -> bool | None:
    """Take a file for this process until it closes it; a forked child does not inherit that.

    Returns:
        Whether it is ours now; None where the file system has no locks.
    """
    try:
        _try_own(handle)
    except OSError as error:
        return False if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK) else None
    return True


if sys.platform == "win32":
    import msvcrt

    # A byte far beyond any log: locking one that is read or written would stop readers.
    _FAR = 1 << 62

    def _try_lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _release(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

    _try_own = _try_lock

else:
    import fcntl

    def _try_lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)

    def _try_own(handle: int) -> None:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
