"""A disk that does not answer: callers go on, a flush and an exit take their time only."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

import datatools_audit
from datatools_audit import audit_stats, flush_audit_log, log_event
from datatools_audit.recorder import recorder
from tests.faults.helpers import opened_path, run
from tests.helpers import LIMIT, written_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class HungDisk:
    """Stands for `os.open` or `os.write` and hangs on the log until released."""

    def __init__(self, name: str) -> None:
        self.entered, self.released = threading.Event(), threading.Event()
        self._by_handle = name == "write"
        self._real = getattr(os, name)
        self._log = str(datatools_audit.audit_log_path())

    def __call__(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        path = opened_path(target) if self._by_handle else target
        if str(path) == self._log:
            self.entered.set()
            assert self.released.wait(LIMIT)
        return self._real(target, *args, **kwargs)


@pytest.fixture(params=["open", "write"])
def disk(
    request: pytest.FixtureRequest, log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HungDisk]:
    """Give a disk that hangs, first in `open`, then in `write`."""
    hung = HungDisk(request.param)
    monkeypatch.setattr(os, request.param, hung)
    yield hung
    hung.released.set()


def test_hung_disk_keeps_no_caller(disk: HungDisk) -> None:
    """Every call returns, a flush says False, and all is written when the disk answers."""
    log_event("test", "m0")
    assert disk.entered.wait(LIMIT)
    for n in range(1, 5_000):
        log_event("test", f"m{n}")
    assert not flush_audit_log(0.05)
    assert (5_000, 0, True) == (
        audit_stats().queue_depth,
        audit_stats().written,
        audit_stats().writer_alive,
    )
    datatools_audit.audit_log_path()
    disk.released.set()
    assert [f"m{n}" for n in range(5_000)] == [r["message"] for r in written_records()]


def test_hung_disk_keeps_the_bound(disk: HungDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that cannot be emptied stays within its bound and counts what goes."""
    monkeypatch.setenv("DATATOOLS_AUDIT_QUEUE_EVENTS", "100")
    datatools_audit.reset_for_tests()
    log_event("test", "m")
    assert disk.entered.wait(LIMIT)
    for _ in range(999):
        log_event("test", "m")
    assert (100, 900) == (audit_stats().queue_depth, audit_stats().dropped)
    disk.released.set()
    (note,) = [record for record in written_records() if record["category"] == "audit"]
    assert (900, 2, 901) == (note["dropped"], note["first_seq"], note["last_seq"])


@pytest.mark.parametrize("disk", ["open"], indirect=True)
def test_hung_disk_does_not_outlive_a_reset(disk: HungDisk, log_folder: Path) -> None:
    """A writer thrown away while it hangs at `open` writes nothing when the disk answers."""
    log_event("test", "of the old writer")
    assert disk.entered.wait(LIMIT)
    (old,) = [t for t in threading.enumerate() if t.name == "datatools-audit-worker"]
    recorder.reset(timeout_seconds=0.01)
    assert old.is_alive()
    disk.released.set()
    old.join(LIMIT)
    log_event("test", "of the new one")
    assert ["of the new one"] == [record["message"] for record in written_records()]


@pytest.mark.parametrize(("way", "status"), [("end", 0), ("sigterm", -signal.SIGTERM)])
@pytest.mark.parametrize("name", ["open", "write"])
def test_hung_disk_lets_the_process_end(name: str, way: str, status: int) -> None:
    """Neither a normal exit nor SIGTERM waits for a disk that never answers."""
    out, _ = run("hung.py", name, way, status=status, limit=LIMIT)
    assert "False 1001\n" == out
