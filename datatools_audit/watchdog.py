"""Tells of work that is open for too long, with the stack of its thread."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.guard import guard
from datatools_audit.lock import Lock
from datatools_audit.writer.bell import Bell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from datatools_audit.context import Session

THREAD_NAME = "datatools-audit-watchdog"
_NEVER = float("inf")


@dataclass(slots=True, eq=False)
class Work:
    """Something that was begun on the present thread and should end.

    Attributes:
        name: What a person calls it: `analyze`, `The run of upload`.
        session: Whose it is.
        ids: Fields that tell which one it is: ``action_id`` or ``run_id``.
        limit_seconds: It is told of when it is open for that long; never when 0.
        thread: Where it goes on; an ident would be the next thread's once that has ended.
        began: When, in seconds of the monotonic clock.
        told: Whether it was told of.
    """

    name: str
    session: Session
    ids: Mapping[str, object]
    limit_seconds: float
    thread: threading.Thread = field(default_factory=threading.current_thread)
    began: float = field(default_factory=time.monotonic)
    told: bool = False

    @property
    def due(self) -> float:
        """When it is told of, in seconds of the monotonic clock."""
        return self.began + self.limit_seconds


class Watchdog:
    """Looks after open work; its thread sleeps until the first of it is due.

    Args:
        tell: Takes the work that is due, on the watchdog's own thread, and the innermost
            frame of the work's thread; None when that has ended.

    Threads: any.
    """

    def __init__(self, tell: Callable[[Work, FrameType | None], object]) -> None:
        self._tell = tell
        self._open: dict[int, Work] = {}
        self._bell = Bell()
        self._thread: threading.Thread | None = None
        # Re-entrant: a signal handler may begin work while its thread does.
        self._starting = Lock()
        self._wakes_at = _NEVER

    def open(self, work: Work) -> None:
        """Look after that work from now on. Takes no lock but for the thread's start."""
        if work.limit_seconds <= 0:
            return
        self._open[id(work)] = work
        thread = self._thread
        if thread is None or not thread.is_alive():
            self._start()
        if work.due < self._wakes_at:
            self._bell.ring()

    def close(self, work: Work) -> None:
        """The work has ended."""
        self._open.pop(id(work), None)

    def __contains__(self, work: Work) -> bool:
        return id(work) in self._open

    def stop(self, timeout_seconds: float = 0.0) -> None:
        """Forget all work and have the thread end; wait for that as long as given."""
        with self._starting:
            self._open.clear()
            thread, self._thread = self._thread, None
            bell, self._bell = self._bell, Bell()  # the next thread's rings are not for this one
        bell.ring()
        if thread is not None and timeout_seconds and thread is not threading.current_thread():
            thread.join(timeout_seconds)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                thread = threading.Thread(
                    target=self._run, args=(self._bell,), name=THREAD_NAME, daemon=True
                )
                self._thread = thread
                thread.start()

    def _run(self, bell: Bell) -> None:
        while self._thread is threading.current_thread():
            now = time.monotonic()
            for key, work in list(self._open.items()):
                if key in self._open and not work.told and work.due <= now:
                    work.told = True
                    with guard("watchdog"):
                        self._tell(work, _frame_of(work.thread))
            self._wakes_at = self._next_due()
            # What was opened amid these two lines has rung for nobody, and is seen by the second.
            self._wakes_at = until = min(self._wakes_at, self._next_due())
            bell.sleep(until - time.monotonic())

    def _next_due(self) -> float:
        return min((w.due for w in list(self._open.values()) if not w.told), default=_NEVER)


def _frame_of(thread: threading.Thread) -> FrameType | None:
    if not thread.is_alive():
        return None
    return sys._current_frames().get(thread.ident or 0)  # noqa: SLF001
