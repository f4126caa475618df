"""The flight recorder: what outlives a process that ends without writing its queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.guard import guard
from datatools_audit.writer.crash import crash_dump
from datatools_audit.writer.recovery import recover
from datatools_audit.writer.ring import EVERYTHING, FlightRing, Ring
from datatools_audit.writer.ringfile import capacity_for, own_folder
from datatools_audit.writer.spool import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from datatools_audit.writer.queue import LineQueue
    from datatools_audit.writer.recovery import Death, Tell
    from datatools_audit.writer.spool import Sink


class FlightRecorder:
    """The process's own ring, the place for its crash, and the search for the dead.

    Args:
        proc: The process's ``proc``; names the ring.
        queue: Whose ring it is.
        folder: Returns the folder of the logs.
        sink: Takes what the dead had queued.
        tell: Makes the records that tell of a death.

    Attributes:
        recovered: How many lines of dead processes this one has written.

    Threads: ``fit`` from any. ``prepare`` and ``search`` from the worker.
    """

    def __init__(
        self,
        proc: str,
        queue: LineQueue,
        folder: Callable[[], Path],
        sink: Sink,
        tell: Tell,
    ) -> None:
        self._proc = proc
        self._queue = queue
        self._folder = folder
        self._sink = sink
        self._tell = tell
        self._wanted = False
        self._prepared: Ring | None = None
        self._searched: object = None
        self.recovered = 0

    @property
    def state(self) -> str:
        """``on``, or in one line why nothing outlives the process."""
        return self._queue.ring.why_off or "on"

    def fit(self, queue_bytes: int, *, wanted: bool) -> None:
        """Have the queue lie in a ring of that size, in a file if wanted. It never shrinks."""
        # First: a worker that sees the new ring knows what it is to be.
        was_wanted, self._wanted = self._wanted, wanted
        old = self._queue.ring
        capacity = max(capacity_for(queue_bytes), old.capacity)
        is_as_wanted = wanted == was_wanted == isinstance(old, FlightRing)
        if capacity != old.capacity or not is_as_wanted:
            self._queue.move(self._ring(capacity) if wanted else Ring(capacity))

    def _ring(self, capacity: int) -> FlightRing:
        return FlightRing(self._proc, self._folder, capacity)

    def prepare(self) -> None:
        """Have all memory of the ring in place, and a native crash be written behind it.

        Again when the queue lies in another ring, or somebody has removed this one's file.
        A call of ``configure`` meanwhile has the last word.
        """
        move = self._queue.move
        ring = self._queue.ring
        if ring is self._prepared and not ring.is_lost:
            return
        with guard("prepare the flight recorder"):
            if ring.is_lost:
                ring = move(self._ring(ring.capacity), instead_of=ring)
            if self._wanted and not (ring.path and ring.make_ready(EVERYTHING)):
                ring = self._move_to_own_folder(ring)
            if not ring.make_ready(EVERYTHING):
                ring = move(Ring(ring.capacity, ring.why_off), instead_of=ring)
            if isinstance(ring, FlightRing) and ring.handle is not None:
                crash_dump().to(ring.handle)
        self._prepared = ring

    def _move_to_own_folder(self, old: Ring) -> Ring:
        """There is no room in shared memory: use a file in the temporary folder."""
        ring = self._ring(old.capacity)
        try:
            make_folder(own_folder(), owned=True)
            ring.open_in(own_folder())
        except OSError as error:
            old.why_off = f"{type(error).__name__}: {error}"
            return old
        return self._queue.move(ring, instead_of=old)

    def search(self, occasion: object) -> None:
        """Write what the dead had queued, once for each occasion; again where that failed."""
        if self._searched != occasion:
            with guard("recover"):
                self.recover()
                self._searched = occasion

    def recover(self) -> list[Death]:
        """Write what the dead of this folder had queued, and tell of each.

        Raises:
            OSError: The log cannot be read or written; what is left stays recoverable.
        """
        deaths = recover(self._folder(), self._sink, self._tell)
        self.recovered += sum(len(death.lines) for death in deaths)
        return deaths

    def release(self) -> None:
        """Remove the ring: everything is written, or is to be forgotten."""
        with guard("release the ring"):
            self._queue.ring.release()
            crash_dump().away()  # not before: it frees the lock on the ring

    def abandon(self) -> None:
        """Leave the ring to the process that this one was forked from."""
        with guard("leave the parent's ring"):
            crash_dump().away()
            self._queue.ring.abandon()
