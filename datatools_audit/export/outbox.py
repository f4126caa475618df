"""Lines that wait for another system, and the one thread that sends them there."""

from __future__ import annotations

import _thread
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from datatools_audit.guard import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

THREAD_NAME = "datatools-audit-export"
MOST_SENT = 512
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_GATHER_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a batch.

    Attributes:
        taken: How many records the other system has.
        refused: How many it will not have.
        error: Why some are refused, or why none could be sent and all are to be tried again.
    """

    taken: int = 0
    refused: int = 0
    error: str | None = None


class Sender(Protocol):
    """Speaks to the other system; used by one thread."""

    def prepare(self, lines: Sequence[bytes]) -> Any:
        """Return what is sent for these lines; asked once for each."""

    def send(self, prepared: Any) -> Sent:
        """Send it; may take long. Of what is neither taken nor refused it is asked again."""

    def close(self) -> None:
        """Cut a send short. Any thread."""


@dataclass(frozen=True, slots=True)
class ExportStats:
    """Counters of an export: ``offered == sent + refused + dropped + waiting``.

    Attributes:
        offered: Records recorded since the export began.
        sent: Those that the other system has taken.
        refused: Those that it will never take.
        dropped: Those that found the outbox full.
        waiting: Those that are still to be sent.
        last_error: The last failure in one line, or None.
    """

    offered: int = 0
    sent: int = 0
    refused: int = 0
    dropped: int = 0
    waiting: int = 0
    last_error: str | None = None


class Outbox:
    """Holds lines within a limit, and has one daemon thread send them.

    Args:
        connect: Makes the sender; called in that thread, may take long and may raise.
        most_lines: Most lines that wait.
        most_bytes: Most bytes that wait.
        say: Takes a sentence at the first failure, and at each first one behind a success.

    Threads: ``offer`` in the worker's; the others any.
    """

    def __init__(
        self,
        connect: Callable[[], Sender],
        most_lines: int,
        most_bytes: int,
        say: Callable[[str], None] = lambda _sentence: None,
    ) -> None:
        self._connect, self._say = connect, say
        self._most_lines, self._most_bytes = most_lines, most_bytes
        self._lines: deque[bytes] = deque()
        self._bytes = 0
        self._offered = self._sent = self._refused = self._dropped = 0
        self._error: str | None = None
        self._changed = threading.Condition()
        self._hurried = self._closed = self._is_failing = False
        self._sender: Sender | None = None
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the thread. Never waits for it: this may be a render thread."""
        self._thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
        _thread.start_new_thread(self._thread.start, ())

    def offer(self, lines: Sequence[bytes]) -> None:
        """Take lines, as many as there is room for. Never waits for the other system."""
        with self._changed:
            for line in lines:
                self._offered += 1
                is_full = self._offered - self._done() > self._most_lines
                if self._closed or is_full or self._bytes + len(line) > self._most_bytes:
                    self._dropped += 1
                    continue
                self._bytes += len(line)
                self._lines.append(line)
            self._changed.notify_all()

    def _done(self) -> int:
        return self._sent + self._refused + self._dropped

    def stats(self) -> ExportStats:
        """Return the counters of this moment."""
        with self._changed:
            waiting = self._offered - self._done()
            return ExportStats(
                self._offered, self._sent, self._refused, self._dropped, waiting, self._error
            )

    def finish(self, timeout_seconds: float) -> bool:
        """Send what waits, for no longer than that; tell whether all is sent."""
        with self._changed:
            self._hurried = True
            self._changed.notify_all()
            is_done = self._changed.wait_for(lambda: not self._waiting(), timeout_seconds)
            self._hurried = False
        return is_done

    def _waiting(self) -> int:
        return self._offered - self._done()

    def close(self, timeout_seconds: float = 0.0) -> None:
        """Send nothing more; wait for the thread for no longer than that."""
        with self._changed:
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
                self._sender = self._connect()
            except Exception as error:
                self._fail(str(error) or type(error).__name__)
                return
            while lines := self._next():
                self._deliver(lines)

    def _next(self) -> list[bytes]:
        """Wait for lines, and a moment longer for more of them; none when it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._closed)
            if not self._is_enough():
                self._changed.wait_for(self._is_enough, _GATHER_SECONDS)
            if self._closed:
                return []
            return [self._lines.popleft() for _ in range(min(MOST_SENT, len(self._lines)))]

    def _is_enough(self) -> bool:
        return len(self._lines) >= MOST_SENT or self._hurried or self._closed

    def _deliver(self, lines: list[bytes]) -> None:
        """Send a batch, again and again after a growing pause, until somebody has said of each."""
        sender = self._sender
        assert sender is not None  # noqa: S101 -- for the type checker
        prepared, left, pause = sender.prepare(lines), len(lines), _FIRST_PAUSE_SECONDS
        while left and not self._closed:
            sent = sender.send(prepared)
            if sent.error and not self._is_failing:
                self._say(f"records cannot be exported now: {sent.error}")
            self._is_failing = sent.error is not None
            left -= sent.taken + sent.refused
            with self._changed:
                self._sent += sent.taken
                self._refused += sent.refused
                self._error = sent.error or self._error
                if not left:
                    self._bytes -= sum(map(len, lines))
                self._changed.notify_all()
                if left:
                    self._changed.wait_for(lambda: self._closed, pause)
            pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)

    def _fail(self, error: str) -> None:
        """Say that nothing can be sent: what waits is dropped, and whatever comes."""
        self._say(error)
        with self._changed:
            self._closed, self._error = True, error
            self._dropped += self._waiting()
            self._lines.clear()
            self._changed.notify_all()
