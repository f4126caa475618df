"""The bounded buffer: order, bounds, drops and what it rings for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, SupportsIndex

import pytest

from datatools_audit.writer.queue import Drops, LineQueue, seq_of
from datatools_audit.writer.ring import Ring
from datatools_audit.writer.ringfile import BATCH_BYTES, LONGEST_LINE, SETTLED, SETTLED_AT
from tests.faults.helpers import line, lines, names_of_calls

if TYPE_CHECKING:
    from collections.abc import Callable


def queue_of(max_lines: int = 20_000, max_bytes: int = 8 << 20) -> LineQueue:
    """Return a queue without a worker."""
    queue = LineQueue(lambda: queue.attend_later(), max_lines, max_bytes)
    return queue


def put_all(queue: LineQueue, first: int, last: int, size: int = 0) -> None:
    for seq in range(first, last + 1):
        queue.put(line(seq, size))


def drained(queue: LineQueue) -> list[bytes]:
    found: list[bytes] = []
    while batch := queue.take():
        found += batch
        queue.settle(batch)
    return found


def test_queue_order_is_that_of_put() -> None:
    """Lines leave in the order in which they came."""
    queue = queue_of()
    put_all(queue, 1, 5_000)
    assert lines(1, 5_000) == drained(queue)


def test_queue_full_in_number_drops_the_oldest() -> None:
    """Beyond the number the oldest lines go and are counted with their reason."""
    queue = queue_of(max_lines=10)
    put_all(queue, 1, 25)
    assert {"full": 15} == queue.dropped
    assert lines(16, 25) == drained(queue)


def test_queue_full_in_bytes_drops_the_oldest() -> None:
    """Beyond the bytes the oldest lines go, however few they are."""
    queue = queue_of(max_bytes=64 * 1024)
    put_all(queue, 1, 40, size=4 * 1024)
    assert {"full": 24} == queue.dropped
    assert list(range(25, 41)) == [seq_of(each) for each in drained(queue)]


@pytest.mark.parametrize(
    ("bounds", "size"), [({"max_lines": 16}, 100), ({"max_bytes": 64 * 1024}, 4 * 1024)]
)
def test_queue_bound_counts_the_batch_in_flight(bounds: dict[str, int], size: int) -> None:
    """A taken batch counts until it is settled, and is never what gets dropped."""
    queue = queue_of(**bounds)
    put_all(queue, 1, 16, size)
    batch = queue.take()
    put_all(queue, 17, 36, size)
    assert (16, 20) == (len(queue), queue.dropped["full"])
    assert list(range(1, len(batch) + 1)) == [seq_of(each) for each in batch]
    queue.settle(batch)
    assert list(range(37 - (16 - len(batch)), 37)) == [seq_of(each) for each in drained(queue)]


def test_queue_settled_batch_leaves_room() -> None:
    """What is written no longer counts in the bounds."""
    queue = queue_of(max_lines=16)
    put_all(queue, 1, 16)
    queue.settle(batch := queue.take())
    put_all(queue, 17, 16 + len(batch))
    assert (16, {}) == (len(queue), queue.dropped)


def test_queue_batch_is_at_most_256_kib() -> None:
    """A batch stays within 256 KiB, and one of small lines comes near it."""
    queue = queue_of()
    put_all(queue, 1, 2_000, size=4_000)
    sizes = []
    while batch := queue.take():
        sizes.append(sum(map(len, batch)))
        queue.settle(batch)
    assert max(sizes) <= BATCH_BYTES == 256 * 1024
    assert max(sizes) > BATCH_BYTES // 2


def test_queue_batch_holds_a_line_of_any_size() -> None:
    """A line beyond a batch's size, here a quarter of the bound, is a batch of its own."""
    queue = queue_of(max_bytes=256 * 1024)
    put_all(queue, 1, 2, size=LONGEST_LINE)
    found = drained(queue)
    assert [LONGEST_LINE] * 2 == [len(each) for each in found]


def test_queue_shows_what_waits_behind_a_position() -> None:
    """Each line once, in order, and it stays; what was dropped meanwhile is not there."""
    queue = queue_of(max_lines=10)
    put_all(queue, 1, 4)
    found, position = queue.after(0)
    assert lines(1, 4) == found
    assert ([], position) == queue.after(position)
    put_all(queue, 5, 25)
    assert (lines(16, 25), queue.end) == queue.after(position)
    assert lines(16, 25) == drained(queue)


def test_queue_drops_are_told_once_with_their_range() -> None:
    """The drops since the last telling are given out once: number, range and total."""
    queue = queue_of(max_lines=10)
    put_all(queue, 1, 13)
    assert queue.has_untold_drops
    assert Drops({"full": 3}, 3, 1, 3) == queue.tell_drops()
    assert (None, False) == (queue.tell_drops(), queue.has_untold_drops)
    put_all(queue, 14, 15)
    assert Drops({"full": 5}, 2, 4, 5) == queue.tell_drops()


def test_queue_refused_record_is_counted_with_its_reason() -> None:
    """A record that never became a line is a drop too, within the same range."""
    queue = queue_of(max_lines=10)
    put_all(queue, 5, 15)
    queue.drop(3, "unencodable")
    assert Drops({"full": 1, "unencodable": 1}, 2, 3, 5) == queue.tell_drops()


def test_queue_lowered_bound_holds_from_the_next_put() -> None:
    """A queue fuller than its new bound makes room at the next put."""
    queue = queue_of()
    put_all(queue, 1, 100)
    queue.limit(10, 1 << 20)
    put_all(queue, 101, 101)
    assert lines(92, 101) == drained(queue)


def test_queue_bytes_balance_after_drops_and_writes() -> None:
    """Bytes put equal bytes written and dropped once the queue is empty."""
    queue = queue_of(max_lines=100)
    put_all(queue, 1, 1_000)
    drained(queue)
    assert (queue.end, 1_000, 0) == (queue.out, queue.lines_out, len(queue))


def test_queue_threads_exceed_the_bound_by_one_line_each() -> None:
    """Eight threads hold at most eight lines beyond the bound, and every drop is counted."""
    queue = queue_of(max_lines=100)
    depths = []

    def put_many(first: int) -> None:
        for seq in range(first, first + 2_000):
            queue.put(line(seq))
            depths.append(len(queue))

    threads = [threading.Thread(target=put_many, args=(n * 2_000,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(depths) <= 100 + len(threads)
    assert 16_000 == len(queue) + queue.dropped["full"]


class RingWithSignal(Ring):
    """A ring whose first line is found and a handler that logs comes in between."""

    queue: LineQueue
    handlers = 1

    def first_line(self, start: int) -> bytes:
        found = super().first_line(start)
        if self.handlers:
            self.handlers -= 1
            self.queue.put(line(12))
        return found


def test_queue_handler_that_logs_while_room_is_made_is_counted_right() -> None:
    """A signal handler that drops a line amid another's drop leaves the counts exact."""
    queue = queue_of(max_lines=10)
    ring = RingWithSignal(1 << 20)
    ring.queue = queue
    queue.move(ring)
    put_all(queue, 1, 11)
    assert 0 == ring.handlers
    drained(queue)
    assert (12, {"full": 2}) == (queue.lines_out, queue.dropped)
    assert queue.end == queue.out


@pytest.mark.parametrize("seq", [1, 17, 123_456_789])
@pytest.mark.parametrize(
    "template",
    [
        '{{"ts":"t","message":"m","proc":"a","seq":{seq}}}\n',
        '{{"ts":"t","message":"m","seq":{seq},"page":"p"}}\n',
        '{{"ts":"t","message":"\\"seq\\":5,","seq":{seq},"more":{{"seq":6}}}}\n',
    ],
)
def test_queue_reads_the_records_own_seq(template: str, seq: int) -> None:
    """The number found in a line is the record's, not one in a text or in an extra."""
    assert seq == seq_of(template.format(seq=seq).encode())


def test_queue_rings_when_the_worker_rests_and_at_its_bound() -> None:
    """A put rings for a resting worker, then not at each line, but always at the bound."""
    rings: list[int] = []
    queue = LineQueue(lambda: rings.append(len(queue)), 10_000, 1 << 20)
    queue.put(line(1))
    queue.resting = False
    queue.relax()
    put_all(queue, 2, 1_000)
    assert [1] == rings
    queue.limit(1_000, 1 << 20)
    put_all(queue, 1_001, 1_002)
    assert [1, 1_000, 1_000] == rings


class RingAmidWhoseMaking(Ring):
    """A ring amid whose making a signal handler logs twice."""

    queue: LineQueue

    def _make(self, end: int) -> bool:
        put_all(self.queue, 2, 3)
        return super()._make(end)


def test_queue_handler_that_logs_amid_the_making_of_the_ring_comes_behind() -> None:
    """Its lines wait aside, and go in behind the one that it has interrupted, in their order."""
    queue = queue_of()
    ring = RingAmidWhoseMaking(1 << 20)
    ring.queue = queue
    queue.move(ring)
    queue.put(line(1))
    assert lines(1, 3) == drained(queue)


class PutByAHandler(list[bytes]):
    """Lines aside that a handler puts right before they are taken."""

    def pop(self, index: SupportsIndex = -1) -> bytes:
        self.clear()
        return super().pop(index)


def test_queue_whose_lines_aside_a_handler_has_put_is_content() -> None:
    """A put does not fail because there is nothing left to do."""
    queue = queue_of()
    queue._aside = PutByAHandler([line(2)])
    queue.put(line(1))
    assert [line(1)] == drained(queue)


class RingAmidWhich(Ring):
    """A ring into which lines are copied, and something comes in between once."""

    def __init__(self, act: Callable[[], object], when: str) -> None:
        super().__init__(1 << 20)
        self._acts, self._when = [act], when
        self.is_released = False

    def release(self) -> None:
        self.is_released = True

    def _act(self, when: str) -> None:
        if when == self._when and self._acts:
            self._acts.pop()()

    def make_ready(self, end: int) -> bool:
        self._act("before")
        return super().make_ready(end)

    def place(self, start: int, data: bytes) -> None:
        super().place(start, data)
        self._act("behind")


@pytest.mark.parametrize("when", ["before", "behind"])
@pytest.mark.parametrize("acts", ["put", "move", "move and put", "put and drop"])
def test_queue_loses_nothing_where_a_handler_comes_amid_a_move(when: str, acts: str) -> None:
    """What a signal handler puts, drops or moves meanwhile is so in the ring that is used then."""
    queue = queue_of(max_lines=10)
    put_all(queue, 1, 10 if "drop" in acts else 5)

    def handler() -> None:
        if "move" in acts:
            queue.move(Ring(2 << 20))
        if "put" in acts:
            queue.put(line(11))

    ring = RingAmidWhich(handler, when)
    queue.move(ring)
    assert queue.ring is ring
    dropped = int("drop" in acts)
    found = [seq_of(each) for each in ring.read(0, queue.end).lstrip(b"\0").splitlines()]
    assert [seq_of(each) for each in drained(queue)] == found
    assert len(found) == queue.lines_out - dropped
    assert dropped == queue.dropped.get("full", 0)
    assert [*range(1 + dropped, 11 if dropped else 6), *([11] if "put" in acts else [])] == found


def test_queue_that_two_threads_move_loses_nothing() -> None:
    """The second copies from the ring of the first, also what came into it meanwhile."""
    queue = queue_of()
    put_all(queue, 1, 5)
    have_more = threading.Event()
    last = RingAmidWhich(lambda: have_more.wait(10), "before")
    other = threading.Thread(target=queue.move, args=[last])
    pause = threading.Event()

    def wait_until_the_other_waits() -> None:
        other.start()
        while "move" not in names_of_calls(other):
            pause.wait(0.001)

    queue.move(RingAmidWhich(wait_until_the_other_waits, "before"))
    put_all(queue, 6, 10)
    have_more.set()
    other.join()
    assert queue.ring is last
    assert lines(1, 10) == drained(queue)


@pytest.mark.parametrize("when", ["first", "before", "behind"])
def test_queue_moves_only_from_the_ring_that_was_meant(when: str) -> None:
    """Whoever has moved it meanwhile is right; the ring that is not used is released."""
    queue = queue_of()
    put_all(queue, 1, 5)
    meant, meanwhile = queue.ring, Ring(2 << 20)
    ring = RingAmidWhich(lambda: queue.move(meanwhile), when)
    if when == "first":
        queue.move(meanwhile)
    assert queue.move(ring, instead_of=meant) is queue.ring is meanwhile
    assert ring.is_released
    assert lines(1, 5) == drained(queue)


def test_queue_that_nobody_has_used_moves_only_from_the_ring_that_was_meant() -> None:
    """Also where there is nothing to copy."""
    queue = queue_of()
    first, second, third = queue.ring, Ring(1 << 20), Ring(1 << 20)
    assert queue.move(second, instead_of=first) is queue.ring is second
    assert queue.move(third, instead_of=first) is queue.ring is second


class RingWithoutRoom(RingAmidWhich):
    """A ring for which there is no memory."""

    def make_ready(self, _end: int) -> bool:
        return False


def test_queue_that_cannot_move_to_a_ring_releases_it() -> None:
    """What it has got of memory would stay for good."""
    queue = queue_of()
    put_all(queue, 1, 5)
    ring = RingWithoutRoom(lambda: None, "never")
    ring.why_off = "no memory"
    queue.move(ring)
    assert (True, "no memory") == (ring.is_released, queue.ring.why_off)
    assert lines(1, 5) == drained(queue)


def test_queue_that_moves_remembers_how_much_the_log_has_got() -> None:
    """Else a recovery would take the lines before for lost."""
    queue = LineQueue(lambda: None, 1_000, 1 << 20)
    queue.put(line(1))
    queue.settle(queue.take())
    queue.move(Ring(2 << 20))
    assert 1 == SETTLED.unpack_from(queue.ring.memory, SETTLED_AT)[0]
