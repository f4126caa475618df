"""Work that is open for too long is told of once, with the stack of its thread."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

import datatools_audit as audit
from datatools_audit.context import Session
from datatools_audit.watchdog import THREAD_NAME, Watchdog, Work
from tests.helpers import LIMIT, written_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Told(list[tuple[str, bool]]):
    """What was told of: the work's name, and whether its thread has a stack."""

    def __init__(self) -> None:
        super().__init__()
        self.more = threading.Semaphore(0)

    def __call__(self, work: Work, frame: FrameType | None) -> None:
        self.append((work.name, frame is not None))
        self.more.release()


@pytest.fixture
def told() -> Told:
    """Collect what the watchdog tells."""
    return Told()


@pytest.fixture
def watchdog(told: Told) -> Iterator[Watchdog]:
    """Give a watchdog, and prove that its thread ends."""
    made = Watchdog(told)
    yield made
    thread = made._thread
    made.stop()
    if thread is not None:
        thread.join(LIMIT)
        assert not thread.is_alive()


def work(name: str, seconds: float) -> Work:
    return Work(name, Session(), {}, seconds)


def test_watchdog_tells_of_open_work_once(watchdog: Watchdog, told: Told) -> None:
    """What is due is told of, once, the first due first; what was closed or has time is not."""
    closed = work("closed", 1)
    watchdog.open(closed)
    watchdog.close(closed)
    for each in (work("has time", 3_600), work("second", 0.8), work("first", 0.05)):
        watchdog.open(each)
    assert told.more.acquire(timeout=LIMIT)
    assert told.more.acquire(timeout=LIMIT)
    watchdog.open(work("third", 0.5))  # due after what was closed
    assert told.more.acquire(timeout=LIMIT)
    assert ["first", "second", "third"] == [name for name, _ in told]


def test_watchdog_starts_no_thread_where_there_is_no_limit(watchdog: Watchdog, told: Told) -> None:
    """A limit of 0 turns it off."""
    watchdog.open(work("open for ever", 0))
    assert watchdog._thread is None


def test_watchdog_tells_of_a_thread_that_has_ended(watchdog: Watchdog, told: Told) -> None:
    """Work that its thread left open when it ended has no stack, and is told of all the same."""
    thread = threading.Thread(target=lambda: watchdog.open(work("left", 0.05)))
    thread.start()
    thread.join(LIMIT)
    assert told.more.acquire(timeout=LIMIT)
    assert [("left", False)] == told


def test_watchdog_outlives_what_its_listener_raises() -> None:
    """One bad record keeps no later one back."""
    told = threading.Semaphore(0)

    def tell(*_: object) -> None:
        told.release()
        raise RuntimeError

    made = Watchdog(tell)
    made.open(work("first", 0.01))
    assert told.acquire(timeout=LIMIT)
    made.open(work("second", 0.01))
    assert told.acquire(timeout=LIMIT)
    assert {"watchdog: RuntimeError": 2} == audit.audit_stats().internal_failures
    made.stop()


def test_watchdog_misses_nothing_that_many_threads_open(watchdog: Watchdog, told: Told) -> None:
    """Whatever is opened while the thread falls asleep or wakes is told of too."""
    rounds, threads = 200, 4

    def open_many() -> None:
        for number in range(rounds):
            watchdog.open(work("many", 0.0005 * (number % 7 + 1)))

    running = [threading.Thread(target=open_many) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(LIMIT)
    for _ in range(rounds * threads):
        assert told.more.acquire(timeout=LIMIT)
    assert rounds * threads == len(told)


def test_watchdog_tells_of_nothing_that_has_just_ended(told: Told) -> None:
    """What ends while the watchdog tells of something else is not told of."""
    first, second = work("first", 0.05), work("second", 0.05)
    made = Watchdog(lambda due, frame: (made.close(second), told(due, frame)))
    made.open(first)
    made.open(second)
    assert told.more.acquire(timeout=LIMIT)
    made.open(work("third", 0.01))
    assert told.more.acquire(timeout=LIMIT)
    made.stop()
    assert ["first", "third"] == [name for name, _ in told]


def test_watchdog_tells_no_stack_of_the_next_thread(watchdog: Watchdog, told: Told) -> None:
    """A thread that took over the ident of one that ended has nothing to do with its work."""
    ended = threading.Thread(target=lambda: watchdog.open(work("left", 0.3)))
    ended.start()
    ended.join(LIMIT)
    gate = threading.Event()
    others = []
    while len(others) < 50 and ended.ident not in [other.ident for other in others]:
        others.append(threading.Thread(target=gate.wait, args=(LIMIT,)))
        others[-1].start()
    assert told.more.acquire(timeout=LIMIT)
    gate.set()
    for other in others:
        other.join(LIMIT)
    assert [("left", False)] == told


def test_watchdog_thread_ends_whenever_it_is_stopped(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the stop comes when the thread has just seen that it should go on."""
    made = Watchdog(told)
    real = threading.current_thread
    stopped = []

    def stop_amid() -> threading.Thread:
        present = real()
        if present.name == THREAD_NAME and not stopped:
            stopped.append(present)
            made.stop()
        return present

    monkeypatch.setattr(threading, "current_thread", stop_amid)
    made.open(work("open", 3_600))
    (thread,) = [t for t in threading.enumerate() if t.name == THREAD_NAME] or stopped
    thread.join(LIMIT)
    assert [thread] == stopped
    assert not thread.is_alive()


def test_watchdog_can_be_used_in_a_signal_handler(watchdog: Watchdog) -> None:
    """A handler that begins work while its thread does waits for no lock of that thread's."""
    handled = []

    def handle(*_: object) -> None:
        within = work("of the handler", 1_000 - len(handled))
        watchdog.open(within)
        watchdog.close(within)
        handled.append(within)

    before = signal.signal(signal.SIGALRM, handle)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
        number = 0
        while len(handled) < 100:
            number += 1
            each = work("of the thread", 1_000_000 - number)
            watchdog.open(each)
            watchdog.close(each)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def hang() -> None:
    audit.flush_audit_log(5)
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if any(r["category"] == "hang" for r in written_records()):
            return
        time.sleep(0.01)


def test_action_that_hangs_is_on_record_with_its_stack() -> None:
    """Start, then a warning with the app's frames while it hangs, then the end with its time."""
    audit.configure(audit.AuditConfig(hang_seconds=0.05))
    with audit.audit_action("analyze"):
        hang()
    start, warning, end = written_records()
    assert ("hang", "warning", start["action_id"]) == (
        warning["category"],
        warning["level"],
        warning["action_id"],
    )
    assert "in hang" in warning["stack"]
    assert 50 <= warning["open_ms"] <= end["duration_ms"] + 1
    assert ("end", start["action_id"]) == (end["phase"], end["action_id"])


def test_action_starts_no_watchdog_when_it_is_off() -> None:
    """``hang_seconds=0`` leaves the process without that thread."""
    audit.configure(audit.AuditConfig(hang_seconds=0))
    with audit.audit_action("analyze"):
        assert THREAD_NAME not in [thread.name for thread in threading.enumerate()]
