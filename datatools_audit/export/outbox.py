"""What waits for another system, and the one thread that sends it there."""

from __future__ import annotations

import _thread
import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from datatools_audit.errors import AuditError
from datatools_audit.export.outage import Outage
from datatools_audit.export.sender import Sent
from datatools_audit.export.stats import ExportStats
from datatools_audit.guard import count_failure, guard
from datatools_audit.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datatools_audit.export.sender import Sender

Item = TypeVar("Item")

THREAD_NAME = "datatools-audit-export"
MOST_SENT = 512
_MOST_BYTES_SENT = 512 * 1024  # many a proxy takes no more than 1 MiB
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_GATHER_SECONDS = 0.5


class Outbox(Generic[Item]):
    """Holds items within a limit, and has one daemon thread send them.

    Args:
        connect: Makes the sender when there is something to send; called in that thread, may
            take long and may raise.
        most: Most items that wait, those being sent included.
        most_bytes: Most bytes, likewise.
        tell: Takes a level and a sentence when sending begins to fail, and when it is well again.
        what: The items, in a word.
        size: Returns the bytes of an item.

    Threads: any; ``offer`` from one only.
    """

    def __init__(
        self,
        connect: Callable[[], Sender],
        most: int,
        most_bytes: int,
        tell: Callable[[str, str], None],
        *,
        what: str = "records",
        size: Callable[[Any], int] = len,
    ) -> None:
        self._connect, self._tell = connect, tell
        self._what, self._size = what, size
        self._outage = Outage(what, self._say)
        self._items: deque[Item] = deque()
        self._bytes = self._sending = 0
        self._offered = self._sent = self._refused = self._dropped = 0
        self._error: str | None = None
        # Held by itself: a ``with`` of the condition is left taken by a handler that raises.
        self._lock = Lock()
        self._changed = threading.Condition(self._lock)
        self._hurried = self._closed = False
        self._sender: Sender | None = None
        self._thread: threading.Thread | None = None
        self.limit(most, most_bytes)

    def limit(self, most: int, most_bytes: int) -> None:
        """Set the bounds, for what is offered from now on."""
        self._most, self._most_bytes = most, most_bytes

    def begin(self) -> None:
        """Start the thread. Never waits for it: this may be a render thread."""
        name = f"{THREAD_NAME}-{self._what}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        _thread.start_new_thread(self._start, (self._thread,))

    def _start(self, thread: threading.Thread) -> None:
        try:
            thread.start()
        except Exception as error:  # no threads left, or the interpreter ends
            self._give_up(f"{type(error).__name__}: {error}")

    def offer(self, items: Sequence[Item]) -> None:
        """Take items; the oldest make room. Never waits for the other system."""
        with self._lock:
            self._offered += len(items)
            if self._closed:
                self._dropped += len(items)
                return
            self._items.extend(items)
            self._bytes += sum(map(self._size, items))
            while self._items and (self._waiting() > self._most or self._bytes > self._most_bytes):
                self._bytes -= self._size(self._items.popleft())
                self._dropped += 1
            self._changed.notify_all()

    def _waiting(self) -> int:
        return self._offered - self._sent - self._refused - self._dropped

    def stats(self) -> ExportStats:
        """Return the counters of this moment."""
        with self._lock:
            return ExportStats(
                self._offered,
                self._sent,
                self._refused,
                self._dropped,
                self._waiting(),
                self._error,
            )

    def finish(self, timeout_seconds: float) -> int:
        """Send what waits, for no longer than that; return how many are left."""
        with self._lock:
            self._hurried = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting(), timeout_seconds)
            self._hurried = False
            return self._waiting()

    def close(self, timeout_seconds: float = 0.0) -> None:
        """Send nothing more; wait for the thread for no longer than that."""
        with self._lock:
            self._closed = True
            self._changed.notify_all()
        if self._sender is not None:
            with guard("export close"):
                self._sender.close()
        thread = self._thread
        if thread is not None and thread.is_alive() and thread is not threading.current_thread():
            thread.join(timeout_seconds)

    def _run(self) -> None:
        with guard("export"):
            try:
                while items := self._next():
                    if self._sender is None:
                        self._sender = self._connect()
                    self._deliver(self._sender, items)
            except Exception as error:
                ours = isinstance(error, AuditError)
                self._give_up(str(error) if ours else f"{type(error).__name__}: {error}")

    def _next(self) -> list[Item]:
        """Wait for items, and a moment longer for more of them; none when it is closed."""
        with self._lock:
            self._changed.wait_for(lambda: self._items or self._closed)
            if not self._is_enough():
                self._changed.wait_for(self._is_enough, _GATHER_SECONDS)
            batch: list[Item] = []
            size = 0
            while self._items and not self._closed and len(batch) < MOST_SENT:
                size += self._size(self._items[0])
                if batch and size > _MOST_BYTES_SENT:
                    break
                batch.append(self._items.popleft())
            return batch

    def _is_enough(self) -> bool:
        return len(self._items) >= MOST_SENT or self._hurried or self._closed

    def _deliver(self, sender: Sender, items: list[Item]) -> None:
        """Send a batch, again and again after a growing pause, until somebody has said of each."""
        self._sending, pause, was_hurried = len(items), _FIRST_PAUSE_SECONDS, False
        try:
            sent, prepared = sender.prepare(items)
            self._settle(sent)
            while self._sending and not self._closed:
                sent = sender.send(prepared)
                self._settle(sent)
                if sent.is_to_be_tried_again:
                    seconds = max(pause, sent.pause_seconds)
                    was_hurried |= self._pause(seconds, was_hurried=was_hurried)
                    pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)
        except Exception as error:  # the next batch has its own chance
            count_failure("export batch", type(error))
            self._settle(Sent(refused=self._sending, error=type(error).__name__))
        with self._lock:
            self._bytes -= sum(map(self._size, items))

    def _settle(self, sent: Sent) -> None:
        self._outage.heed(sent)
        with self._lock:
            self._sending -= sent.taken + sent.refused
            self._sent += sent.taken
            self._refused += sent.refused
            self._error = sent.error or self._error
            self._changed.notify_all()

    def _pause(self, seconds: float, *, was_hurried: bool) -> bool:
        """Wait before the next attempt; who is in a hurry is given one at once, and no more."""
        with self._lock:
            self._changed.wait_for(
                lambda: self._closed or (self._hurried and not was_hurried), seconds
            )
            return self._hurried

    def _say(self, level: str, sentence: str) -> None:
        if not self._closed:
            with guard("export tell"):
                self._tell(level, sentence)

    def _give_up(self, error: str) -> None:
        """Say that nothing can be sent: what waits is dropped, and whatever comes."""
        self._say("warning", f"{self._what} cannot be exported: {error}")
        with self._lock:
            self._closed, self._error = True, error
            self._dropped += self._waiting()
            self._items.clear()
            self._changed.notify_all()
