"""What the worker does with a batch: writing, trying again, accounting, waking."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from datatools_audit.writer.bell import Bell, Waiter
from datatools_audit.writer.queue import LineQueue
from datatools_audit.writer.worker import Worker
from tests.faults.helpers import audit_line, line, lines, notes_in, parsed, seqs_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class StepSink:
    """A sink that takes its steps from a list and has its worker stop after the last.

    A step is an exception to raise, or how many of the lines to write, or None for all.
    """

    def __init__(self, *steps: BaseException | int | None) -> None:
        self.steps = list(steps)
        self.calls: list[list[bytes]] = []
        self.lines: list[bytes] = []
        self.worker: Worker | None = None

    def append(self, given: Sequence[bytes]) -> int:
        self.calls.append(list(given))
        step = self.steps.pop(0)
        if not self.steps and self.worker is not None:
            self.worker.stop()
        if isinstance(step, BaseException):
            raise step
        count = len(given) if step is None else step
        self.lines += given[:count]
        return count


def worker_over(
    sink: StepSink,
    max_lines: int = 20_000,
    note: Callable[..., bytes] = audit_line,
    sweep: Callable[[], None] = lambda: None,
) -> tuple[LineQueue, Worker]:
    """Return a queue and the worker that empties it into the sink, to be run right here."""
    queue = LineQueue(lambda: None, max_lines, 8 << 20)
    sink.worker = Worker(queue, sink, note, sweep, lambda _line: None)
    return queue, sink.worker


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let the worker note its pauses instead of sleeping them."""
    slept: list[float] = []
    monkeypatch.setattr(Worker, "_sleep", lambda _self, seconds: slept.append(seconds))
    return slept


def test_worker_writes_what_was_put_in_its_order(pauses: list[float]) -> None:
    """A batch reaches the sink whole, in the order of the puts, and is settled."""
    queue, worker = worker_over(sink := StepSink(None))
    for each in lines(1, 100):
        queue.put(each)
    worker.run()
    assert [lines(1, 100)] == sink.calls
    assert (100, 0, queue.end) == (worker.written, len(queue), queue.out)


@pytest.mark.parametrize("error", [OSError(28, "full"), MemoryError(), RuntimeError("any")])
def test_worker_keeps_a_refused_batch_and_tries_it_again(
    error: Exception, pauses: list[float]
) -> None:
    """Whatever Exception the sink raises, the same batch comes again before any later line."""
    queue, worker = worker_over(sink := StepSink(error, None))
    queue.put(line(1))
    queue.put(line(2))
    worker.run()
    assert [lines(1, 2)] * 2 == sink.calls
    assert (1, 2) == (worker.failed_writes, worker.written)
    assert worker.last_error == f"{type(error).__name__}: {error}"


def test_worker_pause_doubles_up_to_half_a_minute(pauses: list[float]) -> None:
    """The pause grows from 0.1 s to 30 s with each refusal in a row."""
    queue, worker = worker_over(StepSink(*[OSError("no")] * 11))
    queue.put(line(1))
    worker.run()
    assert [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0] == pauses


def test_worker_pause_is_short_again_after_a_success(pauses: list[float]) -> None:
    """The next outage begins with the first pause."""
    queue, worker = worker_over(StepSink(OSError("a"), OSError("b"), 1, OSError("c")))
    queue.put(line(1))
    queue.put(line(2))
    worker.run()
    assert [0.1, 0.2, 0.1] == pauses


def test_worker_outage_is_told_once_on_stderr(
    pauses: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    """The first refusal of an outage is one line on stderr, its repeats are none."""
    queue, worker = worker_over(StepSink(*[OSError(28, "no space")] * 5, None))
    queue.put(line(1))
    worker.run()
    told = capsys.readouterr().err.splitlines()
    assert (5, 1) == (worker.failed_writes, len(told))
    assert "no space" in told[0]
    assert told[0].startswith("[audit] ")


def test_worker_outage_has_its_note_in_the_file(pauses: list[float]) -> None:
    """After an outage one note says how long it was and why, behind the kept batch."""
    queue, worker = worker_over(sink := StepSink(OSError("gone"), OSError("gone"), None, None))
    queue.put(line(1))
    worker.run()
    (note,) = notes_in(sink.lines)
    assert sink.lines[0] == line(1)
    assert ("warning", "OSError: gone") == (note["level"], note["error"])
    assert isinstance(note["outage_seconds"], float)
    assert worker.failing_since is None


def test_worker_outage_without_stderr_is_no_failure(
    pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process without stderr, as pythonw is, logs all the same."""
    monkeypatch.setattr(sys, "stderr", None)
    queue, worker = worker_over(sink := StepSink(OSError("no"), None))
    queue.put(line(1))
    worker.run()
    assert (1, [line(1)]) == (worker.failed_writes, sink.lines)


def test_worker_goes_on_behind_a_part_that_was_written(pauses: list[float]) -> None:
    """Lines that the sink wrote are not given to it again."""
    queue, worker = worker_over(sink := StepSink(3, 1, None))
    for each in lines(1, 10):
        queue.put(each)
    worker.run()
    assert [10, 7, 6] == [len(call) for call in sink.calls]
    assert lines(1, 10) == sink.lines


def test_worker_tells_drops_with_the_next_batch(pauses: list[float]) -> None:
    """The batch that is written next carries a note with number, range and total."""
    queue, worker = worker_over(sink := StepSink(None), max_lines=10)
    for each in lines(1, 25):
        queue.put(each)
    worker.run()
    (note,) = notes_in(sink.calls[0])
    assert (15, 1, 15) == (note["dropped"], note["first_seq"], note["last_seq"])
    assert {"full": 15} == note["dropped_since_start"]
    assert "15 records were dropped" == note["message"]


def test_worker_note_survives_a_refused_batch(pauses: list[float]) -> None:
    """A note about drops is kept and tried again with its batch, and stands there once."""
    queue, worker = worker_over(sink := StepSink(OSError("no"), None), max_lines=10)
    for each in lines(1, 12):
        queue.put(each)
    worker.run()
    assert sink.calls[0] == sink.calls[1]
    assert 1 == len(notes_in(sink.lines))
    assert 1 == worker.failed_writes


@pytest.mark.parametrize("count", range(1, 11))
def test_worker_part_written_tells_notes_and_lines_apart(count: int, pauses: list[float]) -> None:
    """Wherever a write of a note and its batch ends, each of both stands once."""
    queue, worker = worker_over(sink := StepSink(count, None), max_lines=40)
    for each in lines(1, 43):
        queue.put(each)
    worker.run()
    seqs = seqs_in(sink.lines)
    assert 11 == len(sink.calls[0])
    assert (1, list(range(4, 4 + len(seqs)))) == (len(notes_in(sink.lines)), seqs)
    assert (len(sink.lines), len(seqs) + 3) == (worker.written, queue.lines_out)


def test_worker_that_dies_in_the_sink_keeps_its_batch(pauses: list[float]) -> None:
    """What is no Exception ends the thread; the next one begins with the same batch."""
    queue, worker = worker_over(sink := StepSink(SystemExit(), None))
    queue.put(line(1))
    with pytest.raises(SystemExit):
        worker.run()
    assert (1, 0) == (len(queue), queue.out)
    worker.run()
    assert [line(1)] == sink.lines


def test_worker_that_dies_at_a_note_still_tells_the_drops(pauses: list[float]) -> None:
    """Drops whose note could not be made are told by the next worker."""
    errors: list[BaseException] = [SystemExit()]

    def note(level: str, message: str, **fields: object) -> bytes:
        if errors:
            raise errors.pop()
        return audit_line(level, message, **fields)

    queue, worker = worker_over(sink := StepSink(None), max_lines=10, note=note)
    for each in lines(1, 13):
        queue.put(each)
    with pytest.raises(SystemExit):
        worker.run()
    worker.run()
    assert [3] == [told["dropped"] for told in notes_in(sink.lines)]


def test_worker_without_memory_for_a_batch_waits_as_in_an_outage(pauses: list[float]) -> None:
    """It does not die: the batch is taken when there is memory again, and both are told."""
    queue, worker = worker_over(sink := StepSink(None, None))
    take, errors = queue.take, [MemoryError(), MemoryError()]

    def starved() -> list[bytes]:
        if errors:
            raise errors.pop()
        return take()

    queue.take = starved  # type: ignore[method-assign]
    queue.put(line(1))
    worker.run()
    assert ([1], 2, "MemoryError: ") == (
        seqs_in(sink.lines),
        worker.failed_writes,
        worker.last_error,
    )
    assert ["MemoryError: "] == [told["error"] for told in notes_in(sink.lines)]


def test_worker_stopped_writes_nothing_more(pauses: list[float]) -> None:
    """A stopped worker leaves what is queued."""
    queue, worker = worker_over(sink := StepSink(None))
    queue.put(line(1))
    worker.stop()
    worker.run()
    assert ([], 1) == (sink.calls, len(queue))


def test_worker_wakes_a_flush_whose_lines_are_written(pauses: list[float]) -> None:
    """A waiter is rung once the worker has passed its position, and not before."""
    queue, worker = worker_over(StepSink(2, 1))
    for each in lines(1, 4):
        queue.put(each)
    done, open_ = Waiter(sum(map(len, lines(1, 3)))), Waiter(queue.end)
    worker.waiters += [done, open_]
    worker.run()
    assert (True, False) == (done.bell.sleep(0), open_.bell.sleep(0))
    assert [open_] == worker.waiters


def test_worker_sweeps_behind_each_batch(pauses: list[float]) -> None:
    """Retention is asked after a write, never before one."""
    seen: list[int] = []
    sink = StepSink(2, None)
    queue, worker = worker_over(sink, sweep=lambda: seen.append(len(sink.lines)))
    for each in lines(1, 5):
        queue.put(each)
    worker.run()
    assert [2, 5] == seen


def test_worker_prints_what_it_is_told_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence for stderr is printed by the worker, with the log's mark, once."""
    queue, worker = worker_over(StepSink(None))
    worker.sayings += ["one", "two"]
    queue.put(line(1))
    worker.run()
    assert "[audit] one\n[audit] two\n" == capsys.readouterr().err


def test_bell_rung_before_the_sleep_wakes_at_once() -> None:
    """A ring is not lost when nobody sleeps yet, and two are one."""
    bell = Bell()
    bell.ring()
    bell.ring()
    assert [True, False] == [bell.sleep(30), bell.sleep(0)]


def test_bell_wakes_a_sleeper_of_another_thread() -> None:
    """A ring ends a sleep that has no end of its own."""
    bell, woken = Bell(), []
    thread = threading.Thread(target=lambda: woken.append(bell.sleep(float("inf"))))
    thread.start()
    bell.ring()
    thread.join(30)
    assert [True] == woken


@pytest.mark.parametrize("seconds", [-1, 0, float("-inf"), float("nan")])
def test_bell_sleep_of_no_time_ends_at_once(seconds: float) -> None:
    """A time that is none is over already."""
    assert Bell().sleep(seconds) is False


def test_worker_notes_are_strict_json(pauses: list[float]) -> None:
    """Whatever the sink's error says, the note about it is a line of JSON."""
    queue, worker = worker_over(sink := StepSink(OSError('"\n\x1b'), None, None))
    queue.put(line(1))
    worker.run()
    assert 2 == len(parsed(sink.lines))
