"""The worker's thread dies, or cannot be had."""

from __future__ import annotations

import _thread
import contextlib
import ctypes
import random
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit import audit_stats, flush_audit_log, log_event
from datatools_audit.guard import failures
from datatools_audit.recorder import recorder
from datatools_audit.writer import writer as writer_module
from datatools_audit.writer.worker import THREAD_NAME
from tests.faults.helpers import line, lines, records_in, rounds, running_writer
from tests.helpers import LIMIT, MemorySink, written_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from datatools_audit.writer.writer import Writer


class Deadly(BaseException):
    """Something that no `except Exception` catches."""


def wait_for_death(writer: Writer) -> None:
    """Wait until the worker's thread has ended, and the one that started it too."""
    for thread in threading.enumerate():
        if thread.name == THREAD_NAME:
            thread.join(LIMIT)
    assert writer._starting.acquire(timeout=LIMIT)
    writer._starting.release()
    assert not writer.alive


@contextlib.contextmanager
def untraced() -> Iterator[None]:
    """Measure no coverage here.

    While an exception waits for a thread that sleeps, a traced call of another thread turns
    in the interpreter for ever (CPython 3.11).
    """
    tracers = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        threading.settrace(tracers[1])  # type: ignore[arg-type]
        sys.settrace(tracers[0])


def test_dead_worker_at_any_moment_loses_nothing(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exception from outside at random moments of the worker: restarted, told once, all there.

    The line of a batch that had just been written may stand twice; none may be missing.
    """
    monkeypatch.setattr(writer_module, "_RESTART_SECONDS", 0.0)
    # What hits a thread before or behind the worker's own code is told by Python.
    monkeypatch.setattr(threading, "excepthook", lambda _told: None)
    monkeypatch.setattr(sys, "unraisablehook", lambda _told: None)
    chance = random.Random(1)
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    logged = asked = 0
    with untraced():
        while failures()["worker died: Deadly"] < rounds(20, 300):
            for _ in range(chance.randrange(1, 400)):
                logged += 1
                log_event("test", "m", n=logged)
            for thread in threading.enumerate():
                if thread.name == THREAD_NAME and thread.ident:
                    time.sleep(chance.uniform(0, 0.002))
                    asked += raise_in(ctypes.c_ulong(thread.ident), ctypes.py_object(Deadly))
            # A fast caller fills the queue while there is no worker: then what goes is counted.
            if asked % 20 == 0 or audit_stats().queue_depth > 10_000:
                assert flush_audit_log(LIMIT)
    assert flush_audit_log(LIMIT)
    assert 1 == capsys.readouterr().err.count("the worker died and is restarted")
    numbers = [r["n"] for r in records_in(log_folder) if r["category"] == "test"]
    assert list(range(1, logged + 1)) == sorted(set(numbers))  # type: ignore[type-var]
    assert {} == audit_stats().dropped_reasons


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit, Deadly])
def test_dead_worker_is_replaced_and_its_batch_written(
    kind: type[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    """The batch that the dead worker held is the first that the next one writes."""
    with running_writer(sink := MemorySink()) as writer:
        sink.errors.append(kind())
        writer.put(line(1))
        assert sink.entered.wait(LIMIT)
        wait_for_death(writer)
        writer._may_start = 0.0
        writer.put(line(2))
        assert writer.flush(LIMIT)
        assert (lines(1, 2), 1) == (sink.lines, failures()[f"worker died: {kind.__name__}"])
    told = capsys.readouterr().err.splitlines()
    assert [True] == [f"the worker died and is restarted: {kind.__name__}" in t for t in told]


def test_dead_worker_is_restarted_by_a_put_alone() -> None:
    """No flush is needed: the next line after the pause starts a worker."""
    with running_writer(sink := MemorySink()) as writer:
        sink.errors.append(SystemExit())
        writer.put(line(1))
        assert sink.entered.wait(LIMIT)
        wait_for_death(writer)
        sink.block()
        writer._may_start = 0.0
        writer.put(line(2))
        assert sink.entered.wait(LIMIT)
        sink.release()
        assert writer.flush(LIMIT)
        assert lines(1, 2) == sink.lines


def test_dead_worker_is_told_once_however_often_it_dies(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A worker that dies again and again says so once, and counts each death."""
    with running_writer(sink := MemorySink()) as writer:
        sink.errors += [SystemExit() for _ in range(5)]
        writer.put(line(1))
        for _ in range(5):
            assert sink.entered.wait(LIMIT)
            wait_for_death(writer)
            sink.entered.clear()
            writer._may_start = 0.0
            writer.put(line(2))
        assert writer.flush(LIMIT)
        assert (5, [line(1)] + [line(2)] * 5) == (
            failures()["worker died: SystemExit"],
            sink.lines,
        )
    assert 1 == capsys.readouterr().err.count("worker died")


def test_dead_worker_is_not_restarted_at_each_line() -> None:
    """A worker that dies at once costs one start a second, not one a line."""
    started: list[None] = []
    with running_writer(sink := MemorySink(), on_start=lambda: started.append(None)) as writer:
        sink.errors.append(SystemExit())
        writer.put(line(1))
        assert sink.entered.wait(LIMIT)
        wait_for_death(writer)
        writer._may_start = float("inf")
        for each in lines(2, 1_000):
            writer.put(each)
        assert 1 == len(started)
        assert writer.flush(LIMIT)
        assert (2, lines(1, 1_000)) == (len(started), sink.lines)


def test_flush_restarts_a_worker_that_has_died() -> None:
    """A flush after the death is True: it starts a worker and waits for that one."""
    with running_writer(sink := MemorySink()) as writer:
        sink.errors.append(SystemExit())
        writer.put(line(1))
        assert sink.entered.wait(LIMIT)
        wait_for_death(writer)
        assert writer.flush(LIMIT)
        assert [line(1)] == sink.lines


def test_flush_outlives_a_worker_that_dies_meanwhile() -> None:
    """A flush that waits while the worker dies is answered by the next worker."""
    with running_writer(sink := MemorySink()) as writer:
        sink.block()
        writer.put(line(1))
        assert sink.entered.wait(LIMIT)
        sink.errors.append(SystemExit())
        answers: list[bool] = []
        begun = threading.Event()
        hurry = writer.worker.hurry
        writer.worker.hurry = lambda: (hurry(), begun.set())[0]  # type: ignore[method-assign]
        flusher = threading.Thread(target=lambda: answers.append(writer.flush(5)))
        flusher.start()
        assert begun.wait(LIMIT)
        sink.release()
        flusher.join(LIMIT)
        assert 1 == failures()["worker died: SystemExit"]
        assert ([True], [line(1)]) == (answers, sink.lines)


def test_flush_that_comes_while_a_dead_workers_start_ends_is_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker that dies before its start is over is replaced all the same."""
    dead, asked = threading.Event(), threading.Event()
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        real(thread)
        if thread.name == THREAD_NAME and not dead.is_set():
            thread.join(LIMIT)
            dead.set()
            assert asked.wait(LIMIT)

    monkeypatch.setattr(threading.Thread, "start", start)
    with running_writer(sink := MemorySink()) as writer:
        sink.errors.append(SystemExit())
        hurry = writer.worker.hurry
        writer.worker.hurry = lambda: (hurry(), asked.set())[0]  # type: ignore[method-assign]
        writer.put(line(1))
        assert dead.wait(LIMIT)
        assert writer.flush(5)
        assert (1, [line(1)]) == (failures()["worker died: SystemExit"], sink.lines)


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), MemoryError()])
def test_thread_that_cannot_be_had_raises_nothing_and_is_had_later(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a thread events wait, in their order; the next start takes them all."""
    real, refused = _thread.start_new_thread, []

    def refuse(*args: object) -> int:
        refused.append(args)
        raise error

    monkeypatch.setattr(_thread, "start_new_thread", refuse)
    for n in range(100):
        log_event("test", f"m{n}")
    assert not flush_audit_log(0.01)
    kind = type(error).__name__
    assert len(refused) == failures()[f"start worker: {kind}"] == 2
    assert (100, False) == (audit_stats().queue_depth, audit_stats().writer_alive)
    monkeypatch.setattr(_thread, "start_new_thread", real)
    assert [f"m{n}" for n in range(100)] == [r["message"] for r in written_records()]


def test_thread_that_cannot_be_had_is_had_by_a_later_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No flush is needed: a later event, after the pause, starts the worker."""
    sink = MemorySink()
    with pytest.MonkeyPatch.context() as patch, running_writer(sink) as writer:
        patch.setattr(_thread, "start_new_thread", lambda *_: 1 / 0)
        writer.put(line(1))
        assert 1 == failures()["start worker: ZeroDivisionError"]
        patch.undo()
        writer._may_start = 0.0
        writer.put(line(2))
        assert sink.entered.wait(LIMIT)
        assert writer.flush(LIMIT)
        assert lines(1, 2) == sink.lines


def test_reset_with_a_held_sink_writes_no_later_batch() -> None:
    """An old writer that hung in the sink takes no further batch when it comes back."""
    sink = MemorySink()
    recorder._sink = sink
    try:
        recorder._renew()
        sink.block()
        log_event("test", "held")
        assert sink.entered.wait(LIMIT)
        log_event("test", "queued")
        (old,) = [t for t in threading.enumerate() if t.name == THREAD_NAME]
        recorder.reset(timeout_seconds=0.01)
        assert old.is_alive()
        sink.release()
        old.join(LIMIT)
        assert (1, False) == (sink.calls, old.is_alive())
        assert b"queued" not in b"".join(sink.lines)
    finally:
        recorder._sink = None
        datatools_audit.reset_for_tests()
