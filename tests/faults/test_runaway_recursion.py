"""A stack at its end while a record is made: the record may go, the log goes on."""

from __future__ import annotations

from datatools_audit import (
    audit_action,
    audit_log_dir,
    audit_stats,
    flush_audit_log,
    log_event,
    read_events,
)
from tests.helpers import written_records


def test_runaway_recursion_does_not_stop_the_log() -> None:
    """An app that recurses until the stack ends still has everything after it in its log."""
    reached = []

    def walk(depth: int) -> None:
        reached.append(depth)
        with audit_action("walk", path=["a", depth]):
            walk(depth + 1)

    try:
        walk(0)
    except RecursionError:
        log_event("test", "afterwards")
    assert flush_audit_log(10)
    assert len(reached) > 100
    assert "afterwards" == written_records()[-1]["message"]
    assert None is audit_stats().last_error


def test_runaway_recursion_leaves_whole_records_only() -> None:
    """Near the end of the stack a record is whole or missing, never half."""

    def walk(depth: int) -> None:
        log_event("walk", "deep", rows=[depth])
        walk(depth + 1)

    try:
        walk(0)
    except RecursionError:
        log_event("test", "afterwards")
    records = written_records()
    assert "afterwards" in [r["message"] for r in records]
    assert [None] * len(records) == [r.problem for r in read_events(audit_log_dir())]
