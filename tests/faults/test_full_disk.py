"""A real file system without space, and space again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from datatools_audit import audit_stats, flush_audit_log, log_event, read_events
from tests.faults.helpers import quick_pauses
from tests.helpers import LIMIT
from tests.support.made import line

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 64 KiB."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"a small file system cannot be mounted here: {error}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True, timeout=LIMIT)


def fill(place: Path, leave: int) -> Path:
    """Fill the file system but for that many bytes; return what takes the space."""
    filler = place / "filler"
    state = os.statvfs(place)
    filler.write_bytes(b"x" * (state.f_bavail * state.f_frsize - leave))
    return filler


def own_seqs(folder: Path) -> list[object]:
    return [r["seq"] for r in read_events(folder) if r.problem is None and r["category"] == "test"]


@pytest.mark.parametrize("leave", [0, 4_096, 8_192])
def test_full_disk_loses_nothing_that_fits_the_queue(
    leave: int,
    small_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was logged onto a full disk arrives whole and in order once there is space."""
    quick_pauses(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(small_disk / "logs"))
    filler = fill(small_disk, leave)
    for n in range(200):
        log_event("test", "m", n=n)
    assert not flush_audit_log(0.2)
    during = audit_stats()
    assert during.failed_writes > 0
    assert during.failing_since is not None
    filler.unlink()
    assert flush_audit_log(LIMIT)
    assert list(range(1, 201)) == own_seqs(small_disk / "logs")
    assert {} == audit_stats().dropped_reasons
    outages = [r for r in read_events(small_disk / "logs") if "outage_seconds" in r]
    assert len(outages) == capsys.readouterr().err.count("cannot be written") > 0


def test_full_disk_beyond_the_queue_says_what_it_lacks(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an outage pushed out of the queue is the gap that the file itself names."""
    quick_pauses(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(small_disk / "logs"))
    monkeypatch.setenv("DATATOOLS_AUDIT_QUEUE_EVENTS", "100")
    filler = fill(small_disk, 0)
    for n in range(500):
        log_event("test", "m", n=n)
    assert not flush_audit_log(0.05)
    assert audit_stats().failed_writes > 0
    filler.unlink()
    assert flush_audit_log(LIMIT)
    records = [r for r in read_events(small_disk / "logs") if r.problem is None]
    seqs = {r["seq"] for r in records if r["category"] == "test"}
    notes = [r for r in records if "dropped" in r]
    everything = {r["seq"] for r in records}  # the notes of the log have numbers too
    missing = set(range(1, max(everything) + 1)) - everything  # type: ignore[type-var,operator]
    told = [range(r["first_seq"], r["last_seq"] + 1) for r in notes]  # type: ignore[operator,call-overload]
    assert len(missing) == sum(r["dropped"] for r in notes) == audit_stats().dropped  # type: ignore[misc]
    assert all(any(seq in each for each in told) for seq in missing)
    assert 100 <= len(seqs) <= 101


def test_export_says_which_disk_is_full(small_disk: Path, tmp_path: Path) -> None:
    """That of the lake, or that of the temporary folder, and leaves nothing on it."""
    log = tmp_path / "datatools-2026-05-19.jsonl"
    log.write_bytes(b"".join(line(seq, "x", os.urandom(40).hex()) for seq in range(1, 2_000)))
    for lake, scratch, said in (
        (
            small_disk / "lake",
            tmp_path,
            f"{small_disk}/lake/day=2026-05-19/events-{log.stem}.parquet",
        ),
        (tmp_path / "lake", small_disk, "no room is left in the temporary folder"),
    ):
        command = [sys.executable, "-m", "datatools_audit", "export", "--parquet", lake, log]
        environment = {**os.environ, "TMPDIR": str(scratch)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert (2, "") == (done.returncode, done.stdout)
        assert done.stderr.startswith(f"datatools-audit: {said}")
        assert 1 == len(done.stderr.splitlines())
        assert [] == [path for path in small_disk.rglob("*") if path.is_file()]
