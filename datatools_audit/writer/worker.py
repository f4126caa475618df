"""The one thread that empties the queue."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Protocol

from datatools_audit.guard import guard
from datatools_audit.stderr import say
from datatools_audit.writer.bell import Bell

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.writer.bell import Waiter
    from datatools_audit.writer.queue import Drops, LineQueue
    from datatools_audit.writer.spool import Sink

THREAD_NAME = "datatools-audit-worker"
GATHER_SECONDS = 0.1
IDLE_SECONDS = 3600.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 30.0
OUTAGE_SECONDS = 0.5


class AuditLine(Protocol):
    """Encodes a record of the log about itself."""

    def __call__(self, level: str, message: str, **fields: object) -> bytes:
        """Return the line."""


class Export(Protocol):
    """A way to another system."""

    @property
    def is_on(self) -> bool:
        """Whether anything goes there."""

    def offer(self, lines: list[bytes]) -> None:
        """Take lines. Never blocks, never raises an ``Exception``."""


class Worker:
    """What the thread does, and what of it outlives a thread that died.

    It takes a batch, has the sink write it and settles what is written. A batch that is
    refused stays and is tried again after a growing pause. Between batches it sweeps.

    Args:
        queue: Emptied from here only.
        sink: Asked from this thread only.
        audit_line: Makes the records that the log writes about itself.
        sweep: Called after each batch and each hour; decides itself whether it is time.
            Never raises an ``Exception``.
        trace: Takes lines about the worker's doings.
        begin: Called before the first batch of each thread. Never raises an ``Exception``.
        export: Is offered each batch before it is written: what the disk refuses arrives
            elsewhere.

    Threads: ``run`` in the worker's own; ``stop``, ``hurry`` and the counters from any.
    """

    def __init__(
        self,
        queue: LineQueue,
        sink: Sink,
        audit_line: AuditLine,
        sweep: Callable[[], None],
        trace: Callable[[str], None],
        begin: Callable[[], None] = lambda: None,
        export: Export | None = None,
    ) -> None:
        self._queue = queue
        self._sink = sink
        self._audit_line = audit_line
        self._sweep = sweep
        self._trace = trace
        self._begin = begin
        self._export = export
        self.bell = Bell()
        self.waiters: list[Waiter] = []
        self.sayings: list[str] = []
        self.batches = 0
        self.written = 0
        self.notes_written = 0
        self.written_bytes = 0
        self.failed_writes = 0
        self.last_error: str | None = None
        self.last_write: float | None = None
        self.failing_since: float | None = None
        self.hurried = False
        self.stopped = False
        self.is_beginning = True
        self._was_busy = False
        self._failing_from = 0.0
        self._pause = 0.0
        self._exported_to = 0
        self._batch: list[bytes] = []
        self._notes: list[bytes] = []

    def run(self) -> None:
        """Work until stopped. Raises what the sink raises besides an ``Exception``."""
        self._say()
        self.is_beginning = True
        self._begin()
        self.is_beginning = False
        while not self.stopped:
            try:
                self._prepare()
            except Exception as error:  # no memory for a batch
                self._failed(error)
                continue
            if self._batch or self._notes:
                self._write()
            elif not self._wake_waiters():
                self._wait()

    def stop(self) -> None:
        """Let the thread end before its next write. Never blocks."""
        self.stopped = True
        self.bell.ring()

    def hurry(self) -> None:
        """Cut the present pause short. Never blocks."""
        self.hurried = True
        self.bell.ring()

    def _prepare(self) -> None:
        if not self._batch:
            self._batch = self._queue.take()
            self._export_batch()
        self._note_drops()

    def _export_batch(self) -> None:
        """Pass on what an outage has not had passed on before."""
        start = at = self._queue.out
        end = start + sum(map(len, self._batch))
        if self._export is not None and self._batch and end > self._exported_to:
            fresh = self._batch
            if start < self._exported_to:
                fresh = [line for line in fresh if (at := at + len(line)) > self._exported_to]
            self._export.offer(fresh)
            self._exported_to = end

    def _export_waiting(self, export: Export) -> None:
        """Pass on what waits behind the batch: a disk that refuses keeps nothing from elsewhere."""
        while True:
            lines, self._exported_to = self._queue.after(self._exported_to)
            if not lines:
                break
            export.offer(lines)

    def _write(self) -> None:
        # Notes last: what a retry begins with has to be what the sink was given before.
        lines = self._batch + self._notes
        try:
            count = self._sink.append(lines)
        except Exception as error:  # a sink may fail in any way, MemoryError included
            self._failed(error)
            return
        done = self._batch[:count]
        del self._batch[: len(done)], self._notes[: count - len(done)]
        self.notes_written += count - len(done)
        self.written += count
        self.written_bytes += sum(map(len, lines[:count]))
        self.last_write = time.time()
        self.batches += 1
        self._was_busy = True
        self._queue.settle(done)
        self._trace(f"wrote {count} records")
        self._recovered()
        self._wake_waiters()
        self._sweep()

    def _note_drops(self) -> None:
        """Account in the file for what it lacks, with the next batch that reaches it."""
        if not self._notes:
            self._queue.tell_drops(self._note)

    def _note(self, drops: Drops) -> None:
        self._add_note(
            self._audit_line(
                "warning",
                f"{drops.untold} records were dropped",
                dropped=drops.untold,
                first_seq=drops.first,
                last_seq=drops.last,
                dropped_since_start=drops.total,
            )
        )

    def _add_note(self, line: bytes) -> None:
        self._notes.append(line)
        if self._export is not None:
            self._export.offer([line])

    def _failed(self, error: Exception) -> None:
        self.failed_writes += 1
        self.last_error = f"{type(error).__name__}: {error}"
        if self.failing_since is None:
            self.failing_since = time.time()
            self._failing_from = time.monotonic()
            if not self.stopped:
                say(f"the log cannot be written and is kept in memory: {self.last_error}")
        self._trace(f"attempt {self.failed_writes} failed: {self.last_error}")
        self._pause = min(LONGEST_PAUSE_SECONDS, max(FIRST_PAUSE_SECONDS, self._pause * 2))
        self._outlast(self._pause)

    def _outlast(self, seconds: float) -> None:
        """Wait for the next attempt; what comes meanwhile is passed on."""
        if self._export is None or not self._export.is_on:
            self._sleep(seconds)
            return
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            with guard("export amid an outage"):
                self._export_waiting(self._export)
            if self._sleep(min(left, OUTAGE_SECONDS)):
                break

    def _recovered(self) -> None:
        if self.failing_since is None:
            return
        seconds = time.monotonic() - self._failing_from
        self.failing_since = None
        self._pause = 0.0
        self._add_note(
            self._audit_line(
                "warning",
                f"The log could not be written for {seconds:.1f} s",
                outage_seconds=round(seconds, 3),
                error=self.last_error,
            )
        )

    def _wait(self) -> None:
        """Look again in a moment behind a batch, and rest when nothing has come then.

        So a caller that logs all the time has nobody to wake.
        """
        if self._was_busy:
            self._was_busy = False
        else:
            self._rest()
        self._sleep(GATHER_SECONDS)

    def _rest(self) -> None:
        """Sleep until there is something to do."""
        self._queue.rest()
        try:
            while (nothing_to_do := self._has_nothing_to_do()) and self._queue.ring.touch_some():
                continue
            if nothing_to_do and not self.bell.sleep(IDLE_SECONDS):
                self._sweep()
        finally:
            self._queue.resting = False
            self._queue.relax()
        self._say()

    def _has_nothing_to_do(self) -> bool:
        return not (len(self._queue) or self.waiters or self.sayings or self.stopped)

    def _sleep(self, seconds: float) -> bool:
        """Sleep, unless somebody is in a hurry; tell whether. A ring for another reason is none."""
        deadline = time.monotonic() + seconds
        while not (self.hurried or self.stopped) and (left := deadline - time.monotonic()) > 0:
            if self.bell.sleep(left) and seconds == GATHER_SECONDS:
                break
        was_cut_short = self.hurried or self.stopped
        self.hurried = False
        return was_cut_short

    def _wake_waiters(self) -> bool:
        """Wake each flush whose position is reached; tell whether there was one."""
        if self._notes or self._queue.has_untold_drops:
            return False
        reached = [w for w in self.waiters if self._queue.out >= w.position]
        for waiter in reached:
            self.forget(waiter)
            waiter.bell.ring()
        return bool(reached)

    def forget(self, waiter: Waiter) -> None:
        """Take a waiter off the list, if it is on it still."""
        with contextlib.suppress(ValueError):
            self.waiters.remove(waiter)

    @property
    def notes_waiting(self) -> int:
        """Records of the log about itself that are not written yet."""
        return len(self._notes)

    @property
    def is_even(self) -> bool:
        """Whether the file has every line put so far, and every note about the log."""
        queue = self._queue
        return (
            queue.out >= queue.end
            and not self._notes
            and not queue.has_untold_drops
            and not self.sayings
        )

    def _say(self) -> None:
        while self.sayings:
            say(self.sayings.pop(0))
