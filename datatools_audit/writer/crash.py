"""Where the interpreter writes when it dies of a native crash."""

from __future__ import annotations

import faulthandler
import os

from datatools_audit._process import shared


class CrashDump:
    """Points ``faulthandler`` at the end of the ring's file, if the app does not use it.

    ``faulthandler`` keeps a bare number of an open file, so that number stays open for the
    life of the process and only what stands behind it changes.

    Threads: one at a time.
    """

    def __init__(self) -> None:
        self._number: int | None = None
        self._nowhere = -1

    def to(self, handle: int) -> None:
        """Have a crash written at the end of that file.

        Raises:
            OSError: The number cannot be had.
        """
        os.lseek(handle, 0, os.SEEK_END)
        if self._number is not None and os.path.samestat(os.fstat(handle), os.fstat(self._number)):
            return  # closing the number, as `dup2` does, would free the lock on the ring
        if self._nowhere < 0:
            self._nowhere = os.open(os.devnull, os.O_WRONLY | getattr(os, "O_CLOEXEC", 0))
        if self._number is not None:
            os.dup2(handle, self._number, inheritable=False)
        elif not faulthandler.is_enabled():
            self._number = os.dup(handle)
            faulthandler.enable(self._number)

    def away(self) -> None:
        """Have a crash written nowhere: the file is gone, or a parent's."""
        if self._number is not None:
            os.dup2(self._nowhere, self._number, inheritable=False)


def crash_dump() -> CrashDump:
    """Return the process's one."""
    return shared("crash dump", CrashDump)
