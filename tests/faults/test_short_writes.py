"""The disk takes less than it is given: nothing torn, repeated or lost."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit import audit_stats, flush_audit_log, log_event, read_events
from tests.faults.helpers import opened_path, quick_pauses
from tests.helpers import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class ShortDisk:
    """Stands for `os.write` and writes only so many bytes of the log's next writes."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.steps: list[Callable[[bytes], int] | OSError] = []
        self.shortened = 0
        self._write = os.write

    def __call__(self, handle: int, data: bytes) -> int:
        if opened_path(handle) != self.path or data == b"\n" or not self.steps:
            return self._write(handle, data)
        self.shortened += 1
        step = self.steps.pop(0)
        if isinstance(step, OSError):
            raise step
        return self._write(handle, data[: step(data)])


@pytest.fixture
def disk(log_folder: Path, monkeypatch: pytest.MonkeyPatch) -> ShortDisk:
    """Give a disk that can be told to write short, once the log is open for use."""
    quick_pauses(monkeypatch)
    short = ShortDisk(datatools_audit.audit_log_path())
    monkeypatch.setattr(os, "write", short)
    return short


def log_batch(count: int = 10) -> None:
    """Log events that reach the sink as one batch, by keeping the worker asleep."""
    queue = datatools_audit.recorder.recorder.writer.queue
    queue.resting = False
    for n in range(count):
        log_event("test", "m", n=n)
    assert flush_audit_log(LIMIT)


def middle_of_line(number: int) -> Callable[[bytes], int]:
    """Return a measure that ends ten bytes into the line of that index."""
    return lambda data: sum(map(len, data.splitlines(keepends=True)[:number])) + 10


def end_of_line(number: int) -> Callable[[bytes], int]:
    return lambda data: sum(map(len, data.splitlines(keepends=True)[:number]))


def read(folder: Path) -> tuple[list[object], list[object]]:
    """Return the numbers of the whole records of our own, and the problems of the rest."""
    found = list(read_events(folder))
    whole = [r["seq"] for r in found if r.problem is None and r["category"] == "test"]
    return whole, [r.problem for r in found if r.problem is not None]


@pytest.mark.parametrize("number", [1, 5, 9])
def test_short_write_amid_a_line_repeats_no_whole_line(
    number: int, disk: ShortDisk, log_folder: Path
) -> None:
    """Behind a torn line comes a newline, then that line again; the whole ones stand once."""
    disk.steps = [middle_of_line(number)]
    log_batch()
    assert 1 == disk.shortened
    assert (list(range(1, 11)), ["torn"]) == read(log_folder)


def test_short_write_at_a_lines_end_tears_nothing(disk: ShortDisk, log_folder: Path) -> None:
    """A write that ends with a whole line is gone on with behind it."""
    disk.steps = [end_of_line(4)]
    log_batch()
    assert 1 == disk.shortened
    assert (list(range(1, 11)), []) == read(log_folder)


@pytest.mark.parametrize("number", [1, 5, 10])
def test_short_write_that_lacks_the_newline_only_repeats_nothing(
    number: int, disk: ShortDisk, log_folder: Path
) -> None:
    """A line that is whole but for its newline is not written twice."""
    disk.steps = [lambda data: end_of_line(number)(data) - 1]
    log_batch()
    assert 1 == disk.shortened
    assert (list(range(1, 11)), []) == read(log_folder)


@pytest.mark.parametrize("taken", [0, 10])
def test_short_write_within_the_first_line_is_an_outage(
    taken: int, disk: ShortDisk, log_folder: Path
) -> None:
    """Not one whole line is a failed write: told, kept, written later."""
    disk.steps = [lambda _data: taken]
    log_batch()
    stats = audit_stats()
    assert (1, 1) == (disk.shortened, stats.failed_writes)
    assert "only a part of a line" in str(stats.last_error)
    assert (list(range(1, 11)), ["torn"] if taken else []) == read(log_folder)


def test_short_writes_in_a_row_each_leave_a_torn_piece_at_most(
    disk: ShortDisk, log_folder: Path
) -> None:
    """However often the disk stops amid a line, the records stand once and in order."""
    disk.steps = [
        middle_of_line(3),
        OSError(errno.ENOSPC, "full"),
        middle_of_line(0),
        middle_of_line(2),
        OSError(errno.EIO, "broken"),
    ]
    log_batch()
    assert (5, 3) == (disk.shortened, audit_stats().failed_writes)
    assert (list(range(1, 11)), ["torn"] * 3) == read(log_folder)


def test_short_write_is_counted_as_what_was_written(disk: ShortDisk, log_folder: Path) -> None:
    """The counters hold whole lines, not the torn piece."""
    disk.steps = [middle_of_line(5)]
    log_batch()
    stats = audit_stats()
    torn = 10 + len(b"\n")
    path = datatools_audit.audit_log_path()
    assert (10, path.stat().st_size - torn) == (stats.written, stats.written_bytes)


def test_sync_that_fails_repeats_no_line(log_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that is in the file but not yet on the disk is synced again, not doubled."""
    quick_pauses(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_FSYNC", "1")
    errors = [OSError(errno.EIO, "broken"), OSError(errno.EIO, "broken")]

    def sync(_handle: int) -> None:
        if errors:
            raise errors.pop()

    monkeypatch.setattr(os, "fsync", sync)
    log_batch()
    assert ([], 2) == (errors, audit_stats().failed_writes)
    assert (list(range(1, 11)), []) == read(log_folder)


def test_sync_that_fails_and_forgets_loses_no_line(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Linux does it: what a failed sync had to write is gone, and the next sync succeeds."""
    quick_pauses(monkeypatch)
    monkeypatch.setenv("DATATOOLS_AUDIT_FSYNC", "1")
    safe: dict[str, int] = {}
    failures = 3

    def sync(handle: int) -> None:
        nonlocal failures
        path = opened_path(handle)
        size = os.fstat(handle).st_size
        if failures:
            failures -= 1
            with open(path, "r+b") as file:  # noqa: PTH123 -- the handle itself may only append
                file.seek(start := safe.get(path, 0))
                file.write(b"\0" * (size - start))
            raise OSError(errno.EIO, "broken")
        safe[path] = size

    monkeypatch.setattr(os, "fsync", sync)
    log_batch()
    assert (0, 3) == (failures, audit_stats().failed_writes)
    numbers, _problems = read(log_folder)
    assert list(range(1, 11)) == numbers
