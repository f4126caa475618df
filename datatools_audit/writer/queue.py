"""The bounded buffer between the callers and the worker."""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH_BYTES = 256 * 1024
_BATCH_LINES = 2048
_RING_AT_LINES = 512
_RING_AT_BYTES = 128 * 1024


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

    A put takes no lock and wakes nobody while the worker is busy: under four threads one
    lock or one notify per event takes most of the rate (measured, see docs). What it
    leans on instead is that CPython neither changes threads nor runs a signal handler
    between two bytecodes without a call: the count and the append below are one step.

    Args:
        attend: Called, without a lock, when the worker has to be woken.
        max_lines: Most lines, those of the batch being written included.
        max_bytes: Most bytes, likewise. Each bound may be exceeded by a line per thread.

    Threads: ``put`` and ``drop`` from any, also from a signal handler; ``take``,
    ``settle`` and ``tell_drops`` from the worker.
    """

    def __init__(self, attend: Callable[[], None], max_lines: int, max_bytes: int) -> None:
        self._lines: deque[bytes] = deque()
        self._append = self._lines.append
        self._attend = attend
        # Re-entrant: a signal handler may log while its thread is making room.
        self._room = threading.RLock()
        self._bytes_in = 0
        self._bytes_out = 0
        self._lines_out = 0
        self._taken = 0
        self._drops = Drops(defaultdict(int))
        self.resting = True
        self.limit(max_lines, max_bytes)

    def limit(self, max_lines: int, max_bytes: int) -> None:
        """Set the bounds; a queue that is fuller makes room at the next put."""
        self._max_lines = max_lines
        self._max_bytes = max_bytes
        self.relax()

    def put(self, line: bytes) -> None:
        """Append a line. Never blocks, never raises.

        Beyond a quarter of a bound the worker is rung for and let run; at the bound the
        oldest lines make room.
        """
        size = len(line)
        self._bytes_in += size
        self._append(line)
        if (
            self.resting
            or len(self._lines) > self._ring_lines
            or self._bytes_in - self._bytes_out > self._ring_bytes
        ):
            self._attend()

    def is_over(self, share: float = 1.0) -> bool:
        """Tell whether more than that share of a bound is in use."""
        lines = len(self._lines) + self._taken
        waiting = self._bytes_in - self._bytes_out
        return lines > self._max_lines * share or waiting > self._max_bytes * share

    def make_room(self) -> None:
        """Drop the oldest lines until the bounds hold, and count them."""
        with self._room:
            while self.is_over() and len(self._lines) > 1:
                line = self._lines.popleft()
                size = len(line)
                self._bytes_out += size
                self._lines_out += 1
                self._drops.add(seq_of(line), "full")

    def drop(self, seq: int, reason: str) -> None:
        """Count a record that never became a line."""
        with self._room:
            self._drops.add(seq, reason)

    def ring_later(self) -> None:
        """Let some more lines come before the worker is rung for again."""
        self._ring_lines = len(self._lines) + _RING_AT_LINES
        self._ring_bytes = self._bytes_in - self._bytes_out + _RING_AT_BYTES
        # A bound always rings, however far apart the rings are.
        self._ring_lines = min(self._ring_lines, max(self._max_lines - self._taken, 0))
        self._ring_bytes = min(self._ring_bytes, self._max_bytes)

    def relax(self) -> None:
        """Ring at the usual marks again: the worker has taken a batch."""
        self._ring_lines = min(_RING_AT_LINES, max(self._max_lines - self._taken, 0))
        self._ring_bytes = min(_RING_AT_BYTES, self._max_bytes)

    def take(self) -> list[bytes]:
        """Take a batch: the oldest lines, at most 256 KiB, at least one if there is one.

        The lines count in the bounds until they are settled.
        """
        batch: list[bytes] = []
        with self._room:
            count = self._fitting()
            # In C from end to end, so that callers wait for the GIL as briefly as can
            # be. `extend` keeps what it has when a pop finds the queue empty.
            with contextlib.suppress(IndexError):
                batch.extend(islice(iter(self._lines.popleft, None), count))
            count = len(batch)
            self._taken += count
        self.relax()
        return batch

    def _fitting(self) -> int:
        most = min(_BATCH_LINES, max(1, self._max_lines // 4))
        size = min(BATCH_BYTES, max(1, self._max_bytes // 4))
        try:
            sizes = list(accumulate(map(len, islice(self._lines, most))))
        except RuntimeError:  # a collection in between ran a finaliser that logs
            return 1
        fitting = len(sizes)
        while fitting > 1 and sizes[fitting - 1] > size:
            fitting -= 1 + (fitting > 64) * (fitting // 8)
        return fitting

    def settle(self, lines: list[bytes]) -> None:
        """Count lines of the batch as written."""
        with self._room:
            count, size = len(lines), sum(map(len, lines))
            self._taken -= count
            self._lines_out += count
            self._bytes_out += size

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
    def bytes_in(self) -> int:
        """Bytes ever put: the position up to which a flush waits."""
        return self._bytes_in

    @property
    def bytes_out(self) -> int:
        """Bytes ever written or dropped."""
        return self._bytes_out

    @property
    def dropped(self) -> dict[str, int]:
        """Records ever dropped, by reason."""
        with self._room:
            return dict(self._drops.total)

    def __len__(self) -> int:
        return len(self._lines) + self._taken

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
