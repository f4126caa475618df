"""The writer: queue, worker and sink in one object; callers know only this one."""

from __future__ import annotations

import _thread
import threading
import time
from typing import TYPE_CHECKING

from datatools_audit.guard import count_failure
from datatools_audit.writer.bell import Waiter
from datatools_audit.writer.queue import LineQueue
from datatools_audit.writer.worker import THREAD_NAME, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.writer.spool import Sink
    from datatools_audit.writer.worker import AuditLine, Export

_DEEP = 0.25
_GIVE_WAY_SECONDS = 5e-5
_VAIN_SECONDS = 0.02
_BEGIN_SECONDS = 0.5
_RESTART_SECONDS = 1.0


class Writer:
    """Takes lines from any thread and has one daemon thread write them.

    The thread starts with the first line, and again when it died; a worker that dies at
    once is tried again each second, not at each line.

    Args:
        sink: Where lines go; may block and raise.
        audit_line: Makes the records that the log writes about itself.
        max_lines: Most records that wait.
        max_bytes: Most bytes that wait.
        sweep: Applies retention if it is time; called in the worker.
        trace: Takes lines about the worker's doings; called in the worker.
        begin: Called in the worker before its first batch.
        export: Is offered each batch on its way elsewhere; called in the worker.
        on_start: Called once in the starting thread, before each worker runs.
        on_wake: Called by whoever puts a line while the worker rests.

    Threads: any. Nothing here blocks but ``flush`` and ``close``, both with a timeout.
    """

    def __init__(
        self,
        sink: Sink,
        audit_line: AuditLine,
        *,
        max_lines: int = 20_000,
        max_bytes: int = 8 << 20,
        sweep: Callable[[], None] = lambda: None,
        trace: Callable[[str], None] = lambda _line: None,
        begin: Callable[[], None] = lambda: None,
        export: Export | None = None,
        on_start: Callable[[], None] = lambda: None,
        on_wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.queue = LineQueue(self._attend, max_lines, max_bytes)
        self.worker = Worker(self.queue, sink, audit_line, sweep, trace, begin, export)
        self.put: Callable[[bytes], None] = self.queue.put
        self.sink = sink
        self._on_start = on_start
        self._on_wake = on_wake
        self._thread: threading.Thread | None = None
        self._starting = _thread.allocate_lock()
        self._may_start = 0.0
        self._starting_until = 0.0
        self._seen_batches = -1
        self._vain = False
        self._giving_way: set[int] = set()
        self._seen_at = 0.0
        self._death_told = False

    def say(self, sentence: str) -> None:
        """Have the worker print a sentence to stderr. Never blocks."""
        self.worker.sayings.append(sentence)
        self._wake()

    def flush(self, timeout_seconds: float) -> bool:
        """Wait until every line put before is written, or time is up.

        Returns:
            True when all are written; False when time is up, when some were dropped
            meanwhile, or in the worker's own thread.
        """
        if self.worker.is_even:
            return True
        if self.is_here:
            return False
        lost = self._lost()
        waiter = Waiter(self.queue.end)
        self.worker.waiters.append(waiter)
        self._may_start = 0.0
        self._start()
        self.worker.hurry()
        waiter.bell.sleep(timeout_seconds)
        self.worker.forget(waiter)
        return self.queue.out >= waiter.position and self._lost() == lost

    def _lost(self) -> int:
        return sum(self.queue.dropped.values())

    def finish(self, timeout_seconds: float) -> bool:
        """Flush because the process ends, and have each later put wait for its own flush.

        Whoever logs in an ``atexit`` handler that runs after ours has nobody to drain for
        it. All waiting together stays within the timeout.
        """
        deadline = time.monotonic() + timeout_seconds

        def put(line: bytes) -> None:
            self.queue.put(line)
            self.flush(max(0.0, deadline - time.monotonic()))

        written = self.flush(timeout_seconds)
        self.put = put
        return written

    def close(self, timeout_seconds: float) -> bool:
        """Stop without writing what is queued; tell whether the thread has ended.

        A thread that hangs in the disk ends when the disk lets go, and writes nothing then.
        """
        self.worker.stop()
        self.sink.close()
        with self._starting:
            thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(timeout_seconds)
        return not thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the worker's thread runs."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_here(self) -> bool:
        """Whether the present thread is the worker's."""
        return self._thread is threading.current_thread()

    def _attend(self) -> None:
        """Do what the queue calls for: wake or start the worker, let it have the GIL."""
        queue = self.queue
        self._wake()
        if self.worker.failing_since is None:
            self.worker.bell.ring()
        if queue.is_over(_DEEP):
            self._give_way()
        if not queue.is_over(0.5) or self._vain:
            queue.attend_later()
            self._wake()  # a line that came in between saw a mark that was too late

    def _wake(self) -> None:
        if self.queue.resting:
            self.queue.resting = False
            try:
                self._on_wake()
                if self._thread is None:
                    self._start()
                self.worker.bell.ring()
            except BaseException:  # Ctrl-C: the next line wakes it
                self.queue.rest()
                raise

    def _give_way(self) -> None:
        """Let the worker have the GIL, unless that has brought nothing for a while.

        A caller in a tight loop keeps the GIL for a whole switch interval (5 ms), in which
        it queues some ten batches and the worker comes to write one. A worker that hangs
        in the disk has no use for the GIL, and the caller then stops waiting for it.
        """
        now = time.monotonic()
        if self.worker.batches != self._seen_batches:
            self._seen_batches = self.worker.batches
            self._seen_at = now
        patience = _BEGIN_SECONDS if self.worker.is_beginning else _VAIN_SECONDS
        self._vain = now - self._seen_at > patience
        me = threading.get_ident()
        if not self._vain and me not in self._giving_way:  # a signal handler does not, within
            self._giving_way.add(me)
            try:
                time.sleep(_GIVE_WAY_SECONDS)
            finally:
                self._giving_way.discard(me)

    def _start(self) -> None:
        if self._thread is not None or self.worker.stopped:
            return
        now = time.monotonic()
        if now < self._may_start or now < self._starting_until:
            self.queue.rest()
            return
        # No call since it was asked: one caller only.
        self._may_start = self._starting_until = now + _RESTART_SECONDS
        # A thread of the threading module is started from a bare one: its start waits for
        # locks and for the new thread, and this may be a signal handler or a render thread.
        try:
            self._on_start()
            _thread.start_new_thread(self._start_thread, ())
        except BaseException as error:  # no threads left, the interpreter ends, Ctrl-C
            count_failure("start worker", type(error))
            self._starting_until = 0.0
            self.queue.rest()
            if not isinstance(error, Exception):
                raise

    def _start_thread(self) -> None:
        with self._starting:
            # A start that Ctrl-C broke off behind its thread is made again: two come here.
            if self._thread is None and not self.worker.stopped:
                try:
                    thread = threading.Thread(target=self._run, name=THREAD_NAME, daemon=True)
                    self._thread = thread
                    thread.start()
                except Exception as error:
                    self._thread = None
                    count_failure("start worker", type(error))
        self._starting_until = 0.0
        self._replace()

    def _replace(self) -> None:
        """Have the next line start a worker if there is none; start it if a flush waits."""
        if self._thread is None:
            self.queue.rest()
            if self.worker.waiters:
                self._start()

    def _run(self) -> None:
        try:
            self.worker.run()
        except BaseException as error:  # the thread ends here, whatever it was
            count_failure("worker died", type(error))
            if not self._death_told:
                self._death_told = True
                self.worker.sayings.append(f"the worker died and is restarted: {error!r}")
        finally:
            self._thread = None
            self._replace()
