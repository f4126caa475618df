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
        self._has_sigterm = False
        self._finalizes = False
        self._masks = threading.local()

    def watch(self) -> None:
        """Be called back in this process from now on. Twice is once."""
        if self._has_sigterm or self._finalizes:
            return
        with guard("watch exits"):
            if _is_child_of_multiprocessing():
                # It skips `atexit`. SIGTERM stays the default there: a handler in Python is
                # not run while the child waits for a semaphore, and a pool that ends its
                # children by SIGTERM would wait for ever (seen on 3.11).
                finalize = sys.modules["multiprocessing.util"].Finalize
                finalize(None, self._drain, exitpriority=10)
                self._finalizes = True
            else:
                self._watch_sigterm()

    def hook(self) -> None:
        """Have the interpreter call back; once, as early as can be.

        Exit handlers run last in, first out: those of the app log before our drain. A
        fork before the first event needs new ids as well.
        """
        atexit.register(lambda: self._drain())
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._before_fork,
                after_in_child=self._after_fork,
                after_in_parent=self._unmask,
            )

    def release_sigterm(self) -> None:
        """Give SIGTERM back, if it is still ours and this is the main thread."""
        with guard("release SIGTERM"):
            if self._has_sigterm and signal.getsignal(signal.SIGTERM) == self._on_sigterm:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                self._has_sigterm = False

    # Python forgets a signal that reaches the child of a fork before its own handlers are
    # in order, and one that arrives just before a semaphore's wait waits with it. So the
    # child has SIGTERM masked until its disposition is the default again.
    def _before_fork(self) -> None:
        with guard("mask SIGTERM"):
            if self._has_sigterm:
                self._masks.old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def _unmask(self) -> None:
        with guard("unmask SIGTERM"):
            old = self._masks.__dict__.pop("old", None)
            if old is not None:
                signal.pthread_sigmask(signal.SIG_SETMASK, old)

    def _after_fork(self) -> None:
        self._finalizes = False
        with guard("renew after a fork"):
            self._renew()
        self.release_sigterm()
        self._unmask()

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


def _is_child_of_multiprocessing() -> bool:
    process = sys.modules.get("multiprocessing.process")
    loaded = process is not None and "multiprocessing.util" in sys.modules
    return loaded and process.parent_process() is not None  # type: ignore[union-attr]
