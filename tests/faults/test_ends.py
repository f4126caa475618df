"""The end of a process that has a lot to write, or a disk that takes none of it."""

from __future__ import annotations

import errno
import signal
from typing import TYPE_CHECKING

import pytest

from tests.faults.helpers import run, seqs_by_proc

if TYPE_CHECKING:
    from pathlib import Path

# More than the default queue holds, so that all of them wait at the end.
ROOMY = {
    "DATATOOLS_AUDIT_QUEUE_EVENTS": "200000",
    "DATATOOLS_AUDIT_QUEUE_BYTES": str(128 << 20),
}


def test_end_after_an_unhandled_exception_in_a_thread_writes_all(log_folder: Path) -> None:
    """A thread that dies of an exception takes nothing with it that was queued."""
    out, err = run("ends.py", "exception-in-thread", 2_000, "held")
    assert "queued 2000\n" == out
    assert "RuntimeError: unhandled" in err
    assert "Exception in thread" in err
    assert [list(range(1, 2_001))] == list(seqs_by_proc(log_folder).values())


@pytest.mark.parametrize(
    ("way", "status"),
    [("end", 0), ("exit", 3), ("exception", 1), ("sigterm", -signal.SIGTERM)],
)
def test_end_with_a_hundred_thousand_events_waiting_loses_none(
    way: str, status: int, log_folder: Path
) -> None:
    """The disk is held until the end begins: 100,000 events wait then, and all are written."""
    out, _ = run("ends.py", way, 100_000, "held", status=status, env=ROOMY)
    assert "queued 100000\n" == out
    assert [list(range(1, 100_001))] == list(seqs_by_proc(log_folder).values())


@pytest.mark.parametrize(("way", "status"), [("end", 0), ("sigterm", -signal.SIGTERM)])
def test_end_on_a_disk_that_refuses_says_what_is_lost(
    way: str, status: int, log_folder: Path
) -> None:
    """A process that cannot write its queue ends all the same, and tells how much it was."""
    log_folder.write_bytes(b"")  # a file where the folder has to be
    _, err = run("ends.py", way, 500, "free", status=status)
    assert f"[Errno {errno.EEXIST}]" in err or f"[Errno {errno.ENOTDIR}]" in err
    assert 1 == err.count("[audit] 500 records could not be written in time")


@pytest.mark.parametrize(("way", "status"), [("end", 0), ("sigterm", -signal.SIGTERM)])
def test_end_after_a_hundred_thousand_events_loses_none(
    way: str, status: int, log_folder: Path
) -> None:
    """Neither a normal end nor SIGTERM right behind a long burst loses an event."""
    run("ends.py", way, 100_000, "free", status=status)
    assert [list(range(1, 100_001))] == list(seqs_by_proc(log_folder).values())
