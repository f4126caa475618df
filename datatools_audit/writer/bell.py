"""How one thread wakes another, also from a signal handler."""

from __future__ import annotations

import _thread
import contextlib
import threading


class Bell:
    """Wakes one sleeper; rung twice is once.

    A bare lock, because a ring may come from a signal handler that interrupted a ring,
    where ``threading.Event`` would wait for itself.
    """

    def __init__(self) -> None:
        self._lock = _thread.allocate_lock()
        self._lock.acquire()

    def ring(self) -> None:
        """Wake the sleeper, now or when it lies down. Never blocks."""
        with contextlib.suppress(RuntimeError):  # it has been rung already
            self._lock.release()

    def sleep(self, seconds: float) -> bool:
        """Sleep until rung or time is up; tell whether it was rung."""
        return self._lock.acquire(timeout=max(0.0, min(seconds, threading.TIMEOUT_MAX)))


class Waiter:
    """A flush that waits until the worker has passed a position of the queue."""

    __slots__ = ("bell", "position")

    def __init__(self, position: int) -> None:
        self.position = position
        self.bell = Bell()
