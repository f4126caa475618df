"""Signal handlers that log: no deadlock, nothing lost, counts exact."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from datatools_audit import flush_audit_log, log_event
from datatools_audit.recorder import recorder
from tests.faults.helpers import missing_in, records_in, rounds, run
from tests.helpers import LIMIT, MemorySink, written_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize("way", ["log", "flush", "both"])
def test_handler_that_logs_neither_locks_nor_loses(way: str, log_folder: Path) -> None:
    """Thousands of handlers that interrupt a put or a flush: every event is there once."""
    out, _ = run("signals.py", way)
    told = json.loads(out)
    seqs = [record["seq"] for record in records_in(log_folder)]
    assert told["interruptions"] == 3_000
    assert (told["in"], 0, {}) == (told["out"], told["dropped"], told["failures"])
    assert list(range(1, len(seqs) + 1)) == sorted(seqs), told  # type: ignore[type-var]
    assert way != "log" or len(seqs) > told["interruptions"]


def test_handler_that_logs_into_a_full_queue_is_counted_right(log_folder: Path) -> None:
    """Handlers that push events out while events are pushed out leave the counts exact."""
    out, _ = run("signals.py", "full")
    told = json.loads(out)
    records = records_in(log_folder)
    missing = max(r["seq"] for r in records) - len(records)  # type: ignore[type-var,operator]
    noted = sum(r["dropped"] for r in records if "dropped" in r)  # type: ignore[misc]
    assert told["interruptions"] == 3_000
    assert missing > 3_000
    assert (missing, missing) == (noted, told["dropped"])
    assert told["in"] == told["out"]


@pytest.mark.parametrize("way", ["log", "flush", "both", "full"])
def test_handler_that_logs_at_random_moments_neither_locks_nor_loses(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Handlers at random microseconds of a put, a flush or a drop: each event once, or told."""
    interruptions = rounds(1_500, 10_000)
    for seed in range(rounds(1, 4)):
        folder = tmp_path / str(seed)
        monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(folder))
        out, _ = run("signals.py", way, interruptions, seed)
        told = json.loads(out)
        missing = missing_in(records_in(folder))
        assert (interruptions, told["in"]) == (told["interruptions"], told["out"])
        assert told["dropped"] == len(missing)
        assert (way == "full") == bool(missing)


@pytest.mark.parametrize("way", ["log", "flush"])
def test_handler_that_raises_at_random_moments_costs_its_own_call_only(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever call Ctrl-C breaks off: what returned is there once, and all goes on working."""
    for seed in range(rounds(1, 20)):
        folder = tmp_path / str(seed)
        monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(folder))
        out, _ = run("interrupted.py", way, 2_000, seed)
        told = json.loads(out)
        found = records_in(folder)
        written = [r["n"] for r in found if r["category"] == "test"]
        assert (2_000, 1) == (told["interruptions"], told["workers"])
        assert len(written) == len(set(written)) == len({r["n"] for r in found if "n" in r})
        assert set() == set(told["acknowledged"]) - set(written)
        # An interrupted call may have left its event or not, but no other's.
        assert len(written) <= len(told["acknowledged"]) + told["interruptions"]
        assert ([0, 0], 0) == (told["waiting"], told["waiters"])
        assert way == "log" or told["answered"] > 0


class Stop(BaseException):
    """What a handler raises to end the work, as Ctrl-C does."""


@pytest.fixture
def alarm() -> Iterator[None]:
    """Have SIGALRM raise in the main thread, as Ctrl-C does."""

    def stop(*_: object) -> None:
        raise Stop

    before = signal.signal(signal.SIGALRM, stop)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_handler_that_raises_within_a_flush_leaves_it_usable(alarm: None) -> None:
    """An interrupted flush raises what the handler raised; the next one works."""
    sink = MemorySink()
    sink.block()
    recorder.writer.worker._sink = sink
    log_event("test", "m")
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    with pytest.raises(Stop):
        flush_audit_log(LIMIT)
    sink.release()
    assert flush_audit_log(LIMIT)
    assert ([], 1) == (recorder.writer.worker.waiters, len(sink.lines))


def test_event_that_is_queued_when_a_handler_raises_is_no_drop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An interruption behind the put drops nothing, and the file claims no gap."""
    attended: list[None] = []
    real = recorder.writer._attend

    def attend() -> None:
        real()
        if not attended:
            attended.append(None)
            raise KeyboardInterrupt

    monkeypatch.setattr(recorder.writer.queue, "_attend", attend)
    with pytest.raises(KeyboardInterrupt):
        log_event("test", "m0")
    log_event("test", "m1")
    assert 1 == len(attended)
    assert ["m0", "m1"] == [record["message"] for record in written_records()]
    assert {} == recorder.stats().dropped_reasons
