"""Sixty-four threads that log at once."""

from __future__ import annotations

import sys
import threading
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit import audit_stats, flush_audit_log, log_event
from datatools_audit.writer.spool import Spool
from tests.faults.helpers import missing_in, records_in, rounds
from tests.helpers import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

THREADS = 64


@pytest.fixture(params=[0.005, 1e-6], ids=["usual switches", "a switch at each bytecode"])
def switches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Have the interpreter change threads as usual, then as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(request.param)
    yield
    sys.setswitchinterval(before)


def log_from_all(events: int, then: Callable[[], None] = lambda: None) -> None:
    """Have all threads begin together; prove that they did and that each came to its end."""
    begin = threading.Barrier(THREADS)
    ended = []

    def log(thread: int) -> None:
        begin.wait(LIMIT)
        for n in range(events):
            log_event("test", "m", thread=thread, n=n)
        ended.append(thread)

    threads = [threading.Thread(target=log, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert list(range(THREADS)) == sorted(ended)
    then()
    assert flush_audit_log(LIMIT)


def by_thread(folder: Path) -> dict[object, list[object]]:
    found: dict[object, list[object]] = defaultdict(list)
    for record in records_in(folder):
        if record["category"] == "test":
            found[record["thread"]].append(record["n"])
    return dict(found)


def test_threads_at_once_lose_and_mix_nothing(
    switches: None, log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All events of all threads are there once, each thread's in its own order."""
    monkeypatch.setenv("DATATOOLS_AUDIT_QUEUE_EVENTS", "1000000")
    monkeypatch.setenv("DATATOOLS_AUDIT_QUEUE_BYTES", str(1 << 30))
    datatools_audit.reset_for_tests()
    events = rounds(300, 4_000)
    log_from_all(events)
    assert {} == audit_stats().dropped_reasons
    assert {each: list(range(events)) for each in range(THREADS)} == by_thread(log_folder)
    assert THREADS * events == audit_stats().written


def test_threads_at_once_beyond_the_bounds_account_for_each_event(
    switches: None, log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that hangs, a queue of 100: most is dropped, and the file names each of it."""
    monkeypatch.setenv("DATATOOLS_AUDIT_QUEUE_EVENTS", "100")
    datatools_audit.reset_for_tests()
    gate, append = threading.Event(), Spool.append

    def held_append(spool: Spool, lines: Sequence[bytes]) -> int:
        assert gate.wait(LIMIT)
        return append(spool, lines)

    monkeypatch.setattr(Spool, "append", held_append)
    log_from_all(rounds(300, 4_000), then=gate.set)
    assert audit_stats().dropped > 0
    missing = missing_in(records_in(log_folder))
    assert audit_stats().dropped == len(missing)
    assert [sorted(own) for own in by_thread(log_folder).values()] == [  # type: ignore[type-var]
        *by_thread(log_folder).values()
    ]
