"""The bounded buffer between the callers and the worker."""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.lock import Lock
from datatools_audit.writer.ring import EVERYTHING, Ring
from datatools_audit.writer.ringfile import BATCH_BYTES, RECORDS_AT, capacity_for

if TYPE_CHECKING:
    from collections.abc import Callable

_BATCH_LINES = 2048
_ATTEND_BYTES = 128 * 1024
_LEAST_LINE = 40  # bytes: `{"ts":"2026-05-19T21:22:47.123+00:00"}`
_TRIES = 100


@dataclass(slots=True)
class Drops:
    """Records that were refused: how many, why, and between which ``seq``.

    Attributes:
        total: Since the start, by reason: ``full`` (the queue was), ``unencodable``.
        untold: Those that the file does not account for yet.
        first: The lowest ``seq`` of the untold.
        last: The highest.
    """

    total: dict[str, int]
    untold: int = 0
    first: int = 0
    last: int = 0

    def add(self, seq: int, reason: str) -> None:
        """Count one. The queue's lock is held."""
        # No call in here: a signal handler that drops one too would come in between.
        self.total[reason] += 1
        if not self.untold or seq < self.first:
            self.first = seq
        if not self.untold or seq > self.last:
            self.last = seq
        self.untold += 1


class LineQueue:
    """Lines that wait for the disk, bounded in number and in bytes; the oldest goes first.

    The lines lie in a ring of memory, one behind the other. A line's position is the
    number of bytes put before it, and only grows.

    A put takes no lock and wakes nobody while the worker is busy: under four threads one
    lock or one notify per event takes most of the rate (measured, see docs). What it
    leans on instead is that CPython neither changes threads nor runs a signal handler
    between two bytecodes without a call: taking the position, copying the line and moving
    the end on are one step. So below the end there are whole lines only, in their order.

    Args:
        attend: Called, without a lock and behind the line put, when the worker has to be
            woken or to be let run.
        max_lines: Most lines, those of the batch being written included.
        max_bytes: Most bytes, likewise. Each bound may be exceeded by a line per thread.

    Threads: ``put`` and ``drop`` from any, also from a signal handler; ``take``, ``after``,
    ``settle`` and ``tell_drops`` from the worker.
    """

    def __init__(self, attend: Callable[[], None], max_lines: int, max_bytes: int) -> None:
        self._attend = attend
        # Re-entrant: a signal handler may log while its thread is making room.
        self._room = Lock()
        self._end = 0
        self._next = 0
        self._lines_in = 0
        self._lines_out = 0
        self._aside: list[bytes] = []
        self._taken: list[bytes] = []
        self._taken_at = 0
        self._taken_bytes = 0
        self._drops = Drops(defaultdict(int))
        self.ring = Ring(capacity_for(max_bytes))
        self.resting = True
        self.limit(max_lines, max_bytes)

    def limit(self, max_lines: int, max_bytes: int) -> None:
        """Set the bounds; a queue that is fuller makes room at the next put."""
        self._max_lines = max_lines
        self._max_bytes = max_bytes
        self.relax()

    def put(self, line: bytes) -> None:
        """Append a line of at most ``LONGEST_LINE`` bytes. Never blocks, never raises.

        Beyond a quarter of a bound the worker is rung for and let run; at the bound the
        oldest lines make room.
        """
        size = len(line)
        # From here to the end there is no call but that of the way out.
        start = self._end
        end = start + size
        if end > self._attend_at:
            self._put_with_care(line, size)
            return
        ring = self.ring
        at = RECORDS_AT + start % ring.capacity
        ring.memory[at : at + size] = line
        self._end = end
        self._lines_in += 1

    def _put_with_care(self, line: bytes, size: int) -> None:
        """Put a line for which there may be no memory or no room, then call for attention."""
        for _ in range(_TRIES):
            ring = self.ring
            if not ring.make_ready(self._end + size):
                self.move(Ring(ring.capacity, ring.why_off), instead_of=ring)
            if self.is_over(size=size):
                self.make_room(size)
            # From here to the end there is no call, so what is asked stays true.
            ring = self.ring
            start = self._end
            end = start + size
            if end <= ring.ready and end - self._next <= ring.capacity:
                at = RECORDS_AT + start % ring.capacity
                ring.memory[at : at + size] = line
                self._end = end
                self._lines_in += 1
                break
        else:
            if self.ring.maker == threading.get_ident():  # this is a signal handler, amid that
                self._aside.append(line)
            else:
                self.drop(seq_of(line), "full")
            return
        self._attend()
        with contextlib.suppress(IndexError):  # a handler within has put the last of them
            while self._aside:
                self.put(self._aside.pop(0))

    def move(self, ring: Ring, instead_of: Ring | None = None) -> Ring:
        """Go on in another ring; what waits is copied. Nobody is kept from putting.

        Args:
            ring: The other. It is released where it cannot be used.
            instead_of: Only if the lines lie in that one still.

        Returns the ring that they lie in then.
        """
        with self._room:
            unused = self._exchange(ring, instead_of)
            self.relax()
        unused.release()
        return self.ring

    def _exchange(self, ring: Ring, instead_of: Ring | None) -> Ring:
        """Go on in another ring; return the one that is not used."""
        old = self.ring
        if not old.ready and not self._end and instead_of in (None, old):
            self.ring = ring  # nobody has put a line yet
            return old
        if not ring.make_ready(EVERYTHING):
            ring.release()
            ring = Ring(ring.capacity, ring.why_off)
            ring.make_ready(EVERYTHING)
        ring.hold(b"".join(self._taken))
        ring.settle(0, old.settled)
        while True:
            # A signal handler may put, make room or move amid this: then once more.
            old, start, end = self.ring, self._next, self._end
            if instead_of not in (None, old):
                return ring
            ring.place(start, old.read(start, end))
            if self.ring is old and self._next == start and self._end == end:
                self.ring = ring
                return old
            ring.clear(start, end)

    def is_over(self, share: float = 1.0, size: int = 0) -> bool:
        """Tell whether more than that share of a bound is in use, a line of that size added."""
        lines = len(self) + (size > 0)
        waiting = self.bytes_waiting + size
        return lines > self._max_lines * share or waiting > self._max_bytes * share

    def make_room(self, size: int) -> None:
        """Drop the oldest lines until one of that size fits the bounds, and count them."""
        with self._room:
            while self.is_over(size=size) and self._next < self._end:
                start = self._next
                line = self.ring.first_line(start)
                stop = start + len(line)
                if self._next != start:  # a signal handler has dropped this one meanwhile
                    continue
                self._next = stop
                self._lines_out += 1
                self.ring.clear(start, stop)
                self._drops.add(seq_of(line), "full")

    def drop(self, seq: int, reason: str) -> None:
        """Count a record that never became a line."""
        with self._room:
            self._drops.add(seq, reason)

    def attend_later(self) -> None:
        """Let some more lines come before the next call for attention."""
        self._mark(self._end + _ATTEND_BYTES)

    def relax(self) -> None:
        """Call for attention at the usual mark again: the worker has taken a batch."""
        self._mark(self._next + _ATTEND_BYTES)

    def rest(self) -> None:
        """Have the next line call for attention: the worker rests, or there is none."""
        self.resting = True
        self._attend_at = -1

    def _mark(self, mark: int) -> None:
        room = min(
            self._max_bytes - self.bytes_waiting,
            (self._max_lines - len(self)) * _LEAST_LINE,
            self.ring.capacity - (self._end - self._next),
        )
        self._attend_at = min(mark, self._end + max(room, 0), self.ring.ready)
        if self.resting:  # since a moment ago, perhaps
            self._attend_at = -1

    def take(self) -> list[bytes]:
        """Take a batch: the oldest lines, at most 256 KiB, at least one if there is one.

        The lines count in the bounds until they are settled.
        """
        with self._room:
            if self._taken:  # by a worker that died
                return list(self._taken)
            if self._next == self._end:
                return []
            start, ring = self._next, self.ring
            size = min(self._end - start, BATCH_BYTES, max(1, self._max_bytes // 4))
            data = ring.read(start, start + size)
            most = min(_BATCH_LINES, max(1, self._max_lines // 4))
            lines = data.splitlines(keepends=True)[:most]
            if lines and not lines[-1].endswith(b"\n"):
                lines.pop()
            if not lines:
                lines = [ring.first_line(start)]
            # Copied before it is cleared: a process may be killed between the two.
            ring.hold(batch := b"".join(lines))
            self._taken_at = start
            self._taken_bytes = len(batch)
            self._taken = lines
            ring.clear(start, start + len(batch))
            self._next = start + len(batch)
        self.relax()
        return list(lines)

    def after(self, position: int) -> tuple[list[bytes], int]:
        """Return lines that wait behind a position, at most 256 KiB, and the position behind them.

        They stay where they are.
        """
        with self._room:
            start = max(position, self._next)
            data = self.ring.read(start, min(self._end, start + BATCH_BYTES))
            lines = data.splitlines(keepends=True)
            if lines and not lines[-1].endswith(b"\n"):
                lines.pop()
            return lines, start + sum(map(len, lines))

    def settle(self, lines: list[bytes]) -> None:
        """Count lines of the batch as written."""
        size = sum(map(len, lines))
        with self._room:
            del self._taken[: len(lines)]
            self._taken_at += size
            self._taken_bytes -= size
            self._lines_out += len(lines)
            self.ring.settle(size, len(lines))

    def tell_drops(self, tell: Callable[[Drops], object] = lambda _drops: None) -> Drops | None:
        """Return the drops that nobody has told yet, and count them as told.

        Args:
            tell: Takes them first; what it raises leaves them untold.
        """
        with self._room:
            if not self._drops.untold:
                return None
            told = Drops(dict(self._drops.total), *self._untold())
            tell(told)
            self._drops.untold -= told.untold
            return told

    def _untold(self) -> tuple[int, int, int]:
        return self._drops.untold, self._drops.first, self._drops.last

    @property
    def has_untold_drops(self) -> bool:
        """Whether records were dropped that the file does not account for yet."""
        return self._drops.untold > 0

    @property
    def end(self) -> int:
        """The position of the next line: that up to which a flush waits."""
        return self._end

    @property
    def out(self) -> int:
        """The position up to which every line is written or dropped."""
        return self._taken_at if self._taken else self._next

    @property
    def bytes_waiting(self) -> int:
        """Bytes of the lines that wait, those of the batch being written included."""
        return self._end - self._next + self._taken_bytes

    @property
    def dropped(self) -> dict[str, int]:
        """Records ever dropped, by reason."""
        with self._room:
            return dict(self._drops.total)

    def __len__(self) -> int:
        return self._lines_in - self._lines_out

    @property
    def lines_out(self) -> int:
        """Lines ever written or dropped."""
        return self._lines_out


def seq_of(line: bytes) -> int:
    """Return the ``seq`` in an encoded line.

    A quote inside a JSON text is escaped, so the first `"seq":` is the record's own.
    """
    start = line.find(b'"seq":') + 6
    end = line.find(b",", start)
    digits = line[start:end] if end > 0 else line[start:-2]
    return int(digits) if digits.isdigit() else 0
