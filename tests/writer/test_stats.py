"""The counters: each follows what happens to the events."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit import AuditConfig, AuditStats, audit_stats, flush_audit_log, log_event
from datatools_audit.recorder import Recorder
from tests.faults.helpers import quick_pauses
from tests.helpers import LIMIT, MemorySink, written_records

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def recorder(sink: MemorySink) -> Iterator[Recorder]:
    """Give a recorder of its own over a sink in memory."""
    made = Recorder(sink=sink)
    yield made
    sink.release()
    made.reset(LIMIT)


def emit(recorder: Recorder, count: int) -> None:
    for n in range(count):
        recorder.emit("info", "test", "m", {}, {"n": n})


def test_stats_of_an_unused_recorder_are_nothing() -> None:
    """Before the first event all counters are 0 and there is no worker."""
    nothing = AuditStats(
        enabled=True,
        queued=0,
        written=0,
        dropped=0,
        dropped_reasons={},
        failed_writes=0,
        queue_depth=0,
        queue_bytes=0,
        written_bytes=0,
        last_error=None,
        last_write=None,
        failing_since=None,
        writer_alive=False,
        recovered=0,
        flight_recorder="not begun",
    )
    assert nothing == audit_stats()


def test_stats_are_frozen() -> None:
    """A value once given out does not change, by anyone's hand."""
    stats = audit_stats()
    with pytest.raises(dataclasses.FrozenInstanceError):
        stats.queued = 1  # type: ignore[misc]
    log_event("test", "m")
    assert 0 == stats.queued


def test_stats_count_what_is_written() -> None:
    """Behind a flush all events are written, with the bytes that the file has."""
    for _ in range(10):
        log_event("test", "m")
    assert flush_audit_log(LIMIT)
    stats = audit_stats()
    assert (10, 10, 0, 0, 0) == (
        stats.queued,
        stats.written,
        stats.dropped,
        stats.queue_depth,
        stats.queue_bytes,
    )
    assert datatools_audit.audit_log_path().stat().st_size == stats.written_bytes
    assert (True, True) == (stats.writer_alive, stats.last_write is not None)


def test_stats_count_the_batch_in_flight_as_waiting(recorder: Recorder, sink: MemorySink) -> None:
    """What the disk has not taken yet is queue, in number and in bytes."""
    sink.block()
    emit(recorder, 1)
    assert sink.entered.wait(LIMIT)
    emit(recorder, 4)
    stats = recorder.stats()
    assert (5, 5, 0) == (stats.queued, stats.queue_depth, stats.written)
    sink.release()
    assert recorder.writer.flush(LIMIT)
    assert stats.queue_bytes == sum(map(len, sink.lines)) == recorder.stats().written_bytes


def test_stats_count_drops_by_reason(recorder: Recorder, sink: MemorySink) -> None:
    """Each lost event is counted under why; the file's own note says the same."""
    recorder.configure(AuditConfig(queue_events=10))
    sink.block()
    emit(recorder, 1)
    assert sink.entered.wait(LIMIT)
    emit(recorder, 29)
    sink.release()
    assert recorder.writer.flush(LIMIT)
    stats = recorder.stats()
    assert (20, {"full": 20}) == (stats.dropped, stats.dropped_reasons)
    assert (31, 11) == (stats.queued, stats.written)  # the note on the drops is one too


def test_stats_tell_an_outage_while_it_lasts_and_its_error_after(
    recorder: Recorder, sink: MemorySink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage shows since when and why; the last error stays when it is over."""
    quick_pauses(monkeypatch)
    during: list[AuditStats] = []
    real = sink.append

    def append(lines: list[bytes]) -> int:
        if recorder.writer.worker.failed_writes == 2:
            during.append(recorder.stats())
        return real(lines)

    sink.append = append  # type: ignore[method-assign,assignment]
    sink.errors += [OSError(28, "full"), OSError(28, "full")]
    emit(recorder, 1)
    assert recorder.writer.flush(LIMIT)
    assert during[0].failing_since is not None
    assert (2, "OSError: [Errno 28] full") == (during[0].failed_writes, during[0].last_error)
    after = recorder.stats()
    assert (None, "OSError: [Errno 28] full") == (after.failing_since, after.last_error)


def test_stats_begin_anew_after_a_reset() -> None:
    """A reset leaves no counter behind."""
    log_event("test", "m")
    assert flush_audit_log(LIMIT)
    datatools_audit.reset_for_tests()
    assert (0, 0, False) == (
        audit_stats().queued,
        audit_stats().written,
        audit_stats().writer_alive,
    )


def test_stats_say_when_recording_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off is told, nothing is queued, and a flush has nothing to wait for."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    log_event("test", "m")
    assert (False, 0, True) == (audit_stats().enabled, audit_stats().queued, flush_audit_log(0))


def test_stats_count_our_own_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of our bookkeeping is counted by place and type, and reaches no caller."""

    def refuse(*_: object) -> None:
        raise OSError("no random numbers")

    written_records()
    monkeypatch.setattr(datatools_audit.recorder.recorder, "provider", refuse)
    log_event("test", "m")
    stats = audit_stats()
    assert {"emit: OSError": 1} == stats.internal_failures
    assert {"unencodable": 1} == stats.dropped_reasons


def test_stats_are_of_this_process_only() -> None:
    """What another process wrote into the file is not counted as ours."""
    path = datatools_audit.audit_log_path()
    path.parent.mkdir()
    path.write_bytes(b'{"of":"another"}\n')
    log_event("test", "m")
    assert flush_audit_log(LIMIT)
    assert os.path.getsize(path) - 17 == audit_stats().written_bytes  # noqa: PTH202
