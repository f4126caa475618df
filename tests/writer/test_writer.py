"""The writer as callers know it: put, flush, close, and a thread that is always there."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from datatools_audit.guard import failures
from datatools_audit.writer import writer as writer_module
from datatools_audit.writer.worker import THREAD_NAME
from tests.faults.helpers import line, lines, notes_in, quick_pauses, running_writer, seqs_in
from tests.helpers import LIMIT, MemorySink

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.writer.writer import Writer


def worker_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD_NAME]


def held_with(writer: Writer, sink: MemorySink, *put: bytes) -> None:
    """Put lines and have the sink hold the first batch of them."""
    sink.block()
    for each in put:
        writer.put(each)
    assert sink.entered.wait(LIMIT)


class Flusher(threading.Thread):
    """A flush in a thread of its own; `begun` is set once the worker knows of it."""

    def __init__(self, writer: Writer, seconds: float = LIMIT) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.answer: bool | None = None
        self._writer, self._seconds = writer, seconds
        hurry = writer.worker.hurry
        writer.worker.hurry = lambda: (self.begun.set(), hurry())  # type: ignore[method-assign,assignment]
        self.start()
        assert self.begun.wait(LIMIT)

    def run(self) -> None:
        self.answer = self._writer.flush(self._seconds)

    def result(self) -> bool | None:
        self.join(LIMIT)
        return self.answer


def test_writer_has_no_thread_before_the_first_line() -> None:
    """Neither building a writer nor flushing an empty one starts anything."""
    with running_writer(MemorySink()) as writer:
        assert writer.flush(0)
        assert ([], False) == (worker_threads(), writer.alive)


def test_writer_starts_one_daemon_thread_with_the_first_line() -> None:
    """The first line starts the one thread, a daemon; more lines start no more."""
    with running_writer(sink := MemorySink()) as writer:
        for each in lines(1, 5_000):
            writer.put(each)
        assert writer.flush(LIMIT)
        (thread,) = worker_threads()
        assert thread.daemon
        assert (True, lines(1, 5_000)) == (writer.alive, sink.lines)


def test_writer_started_by_many_threads_has_one_worker() -> None:
    """Threads that put the first line at the same moment start one worker."""
    barrier = threading.Barrier(8)
    with running_writer(sink := MemorySink()) as writer:

        def put(seq: int) -> None:
            barrier.wait(LIMIT)
            writer.put(line(seq))

        threads = [threading.Thread(target=put, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LIMIT)
        assert writer.flush(LIMIT)
        assert 1 == len(worker_threads())
        assert list(range(8)) == sorted(seqs_in(sink.lines))  # type: ignore[type-var]


def test_writer_eight_threads_account_exactly() -> None:
    """Under the hardest switching nothing is lost or doubled and each thread's order stands."""
    each = 5_000

    def put_many(first: int) -> None:
        for seq in range(first, first + each):
            writer.put(line(seq))

    before = sys.getswitchinterval()
    with running_writer(sink := MemorySink(), max_lines=8 * each) as writer:
        threads = [threading.Thread(target=put_many, args=(n * each,)) for n in range(8)]
        sys.setswitchinterval(1e-6)
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(LIMIT)
        finally:
            sys.setswitchinterval(before)
        assert writer.flush(LIMIT)
        seqs = seqs_in(sink.lines)
        by_thread = [[s for s in seqs if s // each == n] for n in range(8)]  # type: ignore[operator]
        assert [list(range(n * each, (n + 1) * each)) for n in range(8)] == by_thread
        assert (writer.queue.end, 8 * each) == (writer.queue.out, len(seqs))


def test_writer_eight_threads_account_exactly_when_the_queue_is_full() -> None:
    """Under the hardest switching lines written and lines dropped are all lines put."""
    each = 3_000

    def put_many(first: int) -> None:
        for seq in range(first, first + each):
            writer.put(line(seq))

    before = sys.getswitchinterval()
    with running_writer(sink := MemorySink(), max_lines=50) as writer:
        threads = [threading.Thread(target=put_many, args=(n * each,)) for n in range(8)]
        sys.setswitchinterval(1e-6)
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(LIMIT)
        finally:
            sys.setswitchinterval(before)
        assert writer.flush(LIMIT)
        dropped = writer.queue.dropped.get("full", 0)
        assert 8 * each == len(set(seqs_in(sink.lines))) + dropped
        assert dropped == sum(note["dropped"] for note in notes_in(sink.lines))  # type: ignore[misc]
        assert writer.queue.end == writer.queue.out


def test_writer_file_names_the_gap_that_it_has() -> None:
    """With the batch held, the oldest waiting go; the next batch says which, and it is so."""
    with running_writer(sink := MemorySink(), max_lines=100) as writer:
        held_with(writer, sink, line(1))
        for each in lines(2, 500):
            writer.put(each)
        sink.release()
        assert writer.flush(LIMIT)
        (note,) = notes_in(sink.lines)
        missing = sorted(set(range(1, 501)) - set(seqs_in(sink.lines)))
        assert [*range(note["first_seq"], note["last_seq"] + 1)] == missing  # type: ignore[call-overload,operator]
        assert note["dropped"] == len(missing) == writer.queue.dropped["full"]
        assert [1, *range(402, 501)] == seqs_in(sink.lines)


def test_writer_batch_is_at_most_256_kib() -> None:
    """A backlog goes to the sink in batches of at most 256 KiB."""

    class Measuring(MemorySink):
        sizes: list[int] = []  # noqa: RUF012 -- one instance

        def append(self, lines: Sequence[bytes]) -> int:
            self.sizes.append(sum(map(len, lines)))
            return super().append(lines)

    with running_writer(sink := Measuring()) as writer:
        held_with(writer, sink, line(0))
        for seq in range(1, 2_000):
            writer.put(line(seq, 3_000))
        sink.release()
        assert writer.flush(LIMIT)
        assert (256 * 1024 >= max(sink.sizes), 2_000) == (True, len(sink.lines))
        assert {} == writer.queue.dropped


def test_writer_put_goes_on_while_the_sink_hangs() -> None:
    """A hung sink keeps no caller; what it holds is neither dropped nor overwritten."""
    with running_writer(sink := MemorySink(), max_lines=10) as writer:
        held_with(writer, sink, line(1))
        for each in lines(2, 1_000):
            writer.put(each)
        assert (10, True) == (len(writer.queue), writer.alive)
        sink.release()
        assert writer.flush(LIMIT)
        assert [1, *range(992, 1_001)] == seqs_in(sink.lines)


def test_flush_is_false_until_the_batch_is_written() -> None:
    """A batch that has left the queue but not reached the disk is not written."""
    with running_writer(sink := MemorySink()) as writer:
        held_with(writer, sink, line(1))
        assert (0, 1) == (len(writer.queue.take()) - 1, len(writer.queue))
        assert not writer.flush(0.05)
        assert [] == writer.worker.waiters
        sink.release()
        assert writer.flush(LIMIT)
        assert [line(1)] == sink.lines


@pytest.mark.parametrize("seconds", [0, -1, float("-inf"), float("nan")])
def test_flush_without_time_is_false_with_a_held_sink(seconds: float) -> None:
    """A timeout of no time asks, and does not wait."""
    with running_writer(sink := MemorySink()) as writer:
        held_with(writer, sink, line(1))
        assert writer.flush(seconds) is False


@pytest.mark.parametrize("seconds", [1e300, float("inf")])
def test_flush_without_end_ends_when_all_is_written(seconds: float) -> None:
    """A timeout beyond what the system can count is as long as it takes."""
    with running_writer(sink := MemorySink()) as writer:
        writer.put(line(1))
        assert writer.flush(seconds)
        assert [line(1)] == sink.lines


def test_flush_waits_for_lines_put_before_it_only() -> None:
    """A flush is answered once its own lines are written, though later ones wait."""
    with running_writer(sink := MemorySink()) as writer:
        held_with(writer, sink, line(1))
        flusher = Flusher(writer)
        later = MemorySink()
        later.block()
        writer.put(line(2))
        writer.worker._sink = later
        sink.release()
        assert flusher.result() is True
        assert later.entered.wait(LIMIT)
        assert ([line(1)], []) == (sink.lines, later.lines)
        later.release()
        assert writer.flush(LIMIT)


def test_flush_by_many_threads_at_once_is_true_for_each() -> None:
    """Flushes do not take each other's answer."""
    with running_writer(sink := MemorySink()) as writer:
        held_with(writer, sink, line(1))
        flushers = [Flusher(writer) for _ in range(16)]
        sink.release()
        assert [True] * 16 == [flusher.result() for flusher in flushers]
        assert [] == writer.worker.waiters


def test_flush_is_false_when_lines_are_dropped_meanwhile() -> None:
    """Lines that were dropped while it waited are not written."""
    with running_writer(sink := MemorySink(), max_lines=10) as writer:
        held_with(writer, sink, *lines(1, 5))
        flusher = Flusher(writer)
        for each in lines(6, 30):
            writer.put(each)
        sink.release()
        assert flusher.result() is False
        assert writer.queue.dropped["full"] > 0


def test_flush_after_a_drop_is_true_again() -> None:
    """An old drop makes no later flush untrue; its note is in the file by then."""
    with running_writer(sink := MemorySink(), max_lines=10) as writer:
        held_with(writer, sink, line(1))
        for each in lines(2, 30):
            writer.put(each)
        sink.release()
        assert writer.flush(LIMIT)
        assert 20 == notes_in(sink.lines)[0]["dropped"]


def test_flush_in_the_workers_own_thread_is_false() -> None:
    """The worker does not wait for itself."""
    answers = []

    class Asking(MemorySink):
        def append(self, lines: Sequence[bytes]) -> int:
            answers.append(writer.flush(LIMIT))
            return super().append(lines)

    with running_writer(sink := Asking()) as writer:
        writer.put(line(1))
        assert writer.flush(LIMIT)
        assert ([False], [line(1)]) == (answers, sink.lines)


def test_flush_is_false_while_the_sink_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusing sink makes flush untrue in time, and true when it takes lines again."""
    quick_pauses(monkeypatch)

    class Refusing(MemorySink):
        refuses = True

        def append(self, lines: Sequence[bytes]) -> int:
            if self.refuses:
                raise OSError("no")
            return super().append(lines)

    with running_writer(sink := Refusing()) as writer:
        writer.put(line(1))
        assert not writer.flush(0.1)
        assert writer.worker.failed_writes > 0
        sink.refuses = False
        assert writer.flush(LIMIT)
        assert ([1], 1) == (seqs_in(sink.lines), len(notes_in(sink.lines)))


@pytest.mark.parametrize("kind", [OSError, MemoryError, RuntimeError])
def test_writer_outage_loses_nothing_and_is_told(
    kind: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After an outage of any kind all lines stand in order, and its note when flush is true."""
    quick_pauses(monkeypatch)
    with running_writer(sink := MemorySink()) as writer:
        sink.errors += [kind("no") for _ in range(5)]
        for each in lines(1, 1_000):
            writer.put(each)
        assert writer.flush(LIMIT)
        (note,) = notes_in(sink.lines)
        assert (5, f"{kind.__name__}: no") == (writer.worker.failed_writes, note["error"])
        assert list(range(1, 1_001)) == seqs_in(sink.lines)
    assert 1 == capsys.readouterr().err.count("cannot be written")


def test_flush_cuts_a_long_pause_short() -> None:
    """A flush does not wait for the end of the pause between two attempts."""
    with running_writer(sink := MemorySink()) as writer:
        sink.errors += [OSError("no")]
        writer.worker._pause = 10_000.0
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("datatools_audit.writer.worker.LONGEST_PAUSE_SECONDS", 10_000.0)
            slept = threading.Event()
            sleep = writer.worker.bell.sleep
            patch.setattr(
                writer.worker.bell,
                "sleep",
                lambda seconds: ((slept.set() if seconds > 5_000 else None), sleep(seconds))[1],
            )
            writer.put(line(1))
            assert slept.wait(LIMIT)
            assert writer.flush(LIMIT)
        assert (1, line(1)) == (writer.worker.failed_writes, sink.lines[0])


def test_writer_close_leaves_what_is_queued() -> None:
    """A closed writer ends its thread and writes nothing more, nor starts again."""
    with running_writer(sink := MemorySink()) as writer:
        held_with(writer, sink, line(1))
        writer.put(line(2))
        assert not writer.close(0)
        sink.release()
        assert writer.close(LIMIT)
        writer.put(line(3))
        assert (False, [line(1)]) == (writer.flush(0.05), sink.lines)
        assert ([], False) == (worker_threads(), writer.alive)


def test_writer_closed_before_its_start_starts_nothing() -> None:
    """Closing a writer that never had a thread is done at once."""
    with running_writer(MemorySink()) as writer:
        assert writer.close(0)
        writer.put(line(1))
        assert [] == worker_threads()


def test_writer_says_a_sentence_through_its_worker(capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence is printed by the worker, and flush waits for it."""
    with running_writer(MemorySink()) as writer:
        writer.say("the value is bad")
        assert writer.flush(LIMIT)
        assert "[audit] the value is bad\n" == capsys.readouterr().err


def test_writer_tells_who_starts_it_once_per_worker() -> None:
    """`on_start` is called by the putting thread before the first worker runs."""
    callers: list[str] = []
    on_start = lambda: callers.append(threading.current_thread().name)  # noqa: E731
    with running_writer(MemorySink(), on_start=on_start) as writer:
        writer.put(line(1))
        writer.put(line(2))
        assert writer.flush(LIMIT)
        assert [threading.main_thread().name] == callers


def test_writer_interrupted_at_its_start_starts_with_a_later_line() -> None:
    """Ctrl-C while the first line starts the worker leaves a writer that can start."""
    interrupts: list[BaseException] = [KeyboardInterrupt()]

    def on_start() -> None:
        if interrupts:
            raise interrupts.pop()

    with running_writer(sink := MemorySink(), on_start=on_start) as writer:
        with pytest.raises(KeyboardInterrupt):
            writer.put(line(1))
        if stuck := writer._starting.locked():  # else closing it would wait for ever
            writer._starting.release()
        assert not stuck
        writer._may_start = 0.0
        writer.put(line(2))
        assert writer.flush(LIMIT)
        assert lines(1, 2) == sink.lines


def test_writer_line_put_while_a_start_fails_still_starts_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A line that comes between a failed start and its end does not silence the bell."""
    real = threading.Thread.start
    refusals = [RuntimeError("can't start new thread")]
    over = threading.Event()

    def start(thread: threading.Thread) -> None:
        if thread.name == THREAD_NAME and refusals:
            raise refusals.pop()
        real(thread)

    def count(where: str, kind: type[BaseException]) -> None:
        failures()[f"{where}: {kind.__name__}"] += 1
        writer._may_start = 0.0
        writer.put(line(2))
        over.set()

    monkeypatch.setattr(threading.Thread, "start", start)
    monkeypatch.setattr(writer_module, "count_failure", count)
    with running_writer(sink := MemorySink()) as writer:
        writer.put(line(1))
        assert over.wait(LIMIT)
        assert 1 == failures()["start worker: RuntimeError"]
        last = 2
        while last < 200 and not sink.entered.wait(0.02):
            last += 1
            writer._may_start = 0.0
            writer.put(line(last))
        assert sink.entered.is_set()
        assert writer.flush(LIMIT)
        assert lines(1, last) == sink.lines
