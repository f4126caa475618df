"""The moments at which a process ends or splits, and what the recorder does then."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from datatools_audit.guard import guard

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


class Lifecycle:
    """Calls back at exit, at SIGTERM and in the child of a fork.

    Args:
        drain: Writes what is queued, within a bounded time; at exit and at SIGTERM.
        renew: Makes everything new; in the child of a fork.

    Threads: ``watch`` from any; SIGTERM can be had from the main thread only, so a later
    call from there completes an earlier one.
    """

    def __init__(self, drain: Callable[[], object], renew: Callable[[], None]) -> None:
        self._drain = drain
        self._renew = renew
        self._hooked = False
        self._has_sigterm = False

    def watch(self) -> None:
        """Be called back from now on. Twice is once."""
        with guard("watch exits"):
            if not self._hooked:
                self._hooked = True
                atexit.register(self._drain)
                if hasattr(os, "register_at_fork"):
                    os.register_at_fork(after_in_child=self._after_fork)
            self._watch_multiprocessing()
            self._watch_sigterm()

    def release_sigterm(self) -> None:
        """Give SIGTERM back, if it is still ours and this is the main thread."""
        with guard("release SIGTERM"):
            if self._has_sigterm and signal.getsignal(signal.SIGTERM) == self._on_sigterm:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                self._has_sigterm = False

    def _after_fork(self) -> None:
        with guard("renew after a fork"):
            self._renew()

    def _watch_multiprocessing(self) -> None:
        """Be called at the end of a child of multiprocessing, which skips ``atexit``."""
        util = sys.modules.get("multiprocessing.util")
        process = sys.modules.get("multiprocessing.process")
        if util is not None and process is not None and process.parent_process() is not None:
            util.Finalize(None, self._drain, exitpriority=10)

    def _watch_sigterm(self) -> None:
        if self._has_sigterm or threading.current_thread() is not threading.main_thread():
            return
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, self._on_sigterm)
            self._has_sigterm = True

    def _on_sigterm(self, number: int, _frame: FrameType | None) -> None:
        with guard("drain at SIGTERM"):
            self._drain()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
