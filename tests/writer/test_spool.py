"""The folder of daily files: names, days, modes, whole lines."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from datatools_audit import read_events
from datatools_audit.recorder import Recorder
from datatools_audit.writer import filelock
from datatools_audit.writer.spool import Spool, first_day, local_day, log_name, make_folder
from tests.faults.helpers import line, lines, records_in
from tests.helpers import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TODAY = "datatools-2026-05-19.jsonl"

# Newfoundland before 2011: an hour is repeated from one minute past midnight on, so that
# this minute belongs to the next day and what follows it to the day before.
BACK_OVER_MIDNIGHT = "NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01"
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
NEW_YORK = "EST5EDT,M3.2.0,M11.1.0"
KATHMANDU = "NPT-5:45"


@pytest.fixture
def set_zone() -> Iterator[Callable[[str], None]]:
    """Give a function that sets the time zone, UTC until then."""
    with pytest.MonkeyPatch.context() as patch:

        def set_(zone: str) -> None:
            patch.setenv("TZ", zone)
            time.tzset()

        set_("UTC0")
        yield set_
    time.tzset()


@pytest.fixture
def folder(tmp_path: Path, set_zone: object) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spool(folder: Path) -> Spool:
    return Spool(lambda: (folder, False))


def append_all(spool: Spool, given: Sequence[bytes]) -> int:
    """Append as the worker does, until all is written; return the number of appends."""
    left, appends = list(given), 0
    while left:
        del left[: spool.append(left)]
        appends += 1
    return appends


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def at(*moments: str) -> list[bytes]:
    """Return a line for each moment, given as UTC without its year's beginning."""
    return [line(seq, ts=ts) for seq, ts in enumerate(moments, start=1)]


def test_spool_appends_to_the_file_of_the_day(spool: Spool, folder: Path) -> None:
    """Lines go into the day's file behind what it holds, unchanged."""
    assert 3 == spool.append(lines(1, 3))
    assert 2 == spool.append(lines(4, 5))
    assert {TODAY: b"".join(lines(1, 5))} == files(folder)


@pytest.mark.parametrize(
    ("zone", "moments", "days"),
    [
        ("UTC0", ("2026-05-19T23:59:59", "2026-05-20T00:00:00"), ("05-19", "05-20")),
        (BERLIN, ("2026-05-19T21:59:59", "2026-05-19T22:00:00"), ("05-19", "05-20")),
        (BERLIN, ("2026-01-19T22:59:59", "2026-01-19T23:00:00"), ("01-19", "01-20")),
        (BERLIN, ("2026-03-28T22:59:59", "2026-03-28T23:00:00"), ("03-28", "03-29")),
        (BERLIN, ("2026-03-29T21:59:59", "2026-03-29T22:00:00"), ("03-29", "03-30")),
        (BERLIN, ("2026-10-25T22:59:59", "2026-10-25T23:00:00"), ("10-25", "10-26")),
        (NEW_YORK, ("2026-05-20T03:59:59", "2026-05-20T04:00:00"), ("05-19", "05-20")),
        (NEW_YORK, ("2026-11-02T04:59:59", "2026-11-02T05:00:00"), ("11-01", "11-02")),
        (KATHMANDU, ("2026-05-19T18:14:59", "2026-05-19T18:15:00"), ("05-19", "05-20")),
        ("UTC0", ("2026-12-31T23:59:59", "2027-01-01T00:00:00"), ("12-31", "2027-01-01")),
        ("UTC0", ("2028-02-29T23:59:59", "2028-03-01T00:00:00"), ("2028-02-29", "2028-03-01")),
    ],
)
def test_spool_divides_a_batch_at_local_midnight(
    zone: str,
    moments: tuple[str, str],
    days: tuple[str, str],
    spool: Spool,
    folder: Path,
    set_zone: Callable[[str], None],
) -> None:
    """Each line is in the file of the local date on which it happened."""
    set_zone(zone)
    before, after = at(*moments)
    assert 2 == append_all(spool, [before, after])
    full = [day if len(day) == 10 else f"2026-{day}" for day in days]
    assert {log_name(full[0]): before, log_name(full[1]): after} == files(folder)


@pytest.mark.parametrize(
    ("zone", "moments"),
    [
        (BERLIN, ("2026-03-29T00:59:59", "2026-03-29T01:00:00")),
        (BERLIN, ("2026-10-25T00:59:59", "2026-10-25T01:00:00", "2026-10-25T02:00:00")),
        (NEW_YORK, ("2026-11-01T05:59:59", "2026-11-01T06:00:00")),
    ],
)
def test_spool_keeps_a_day_together_over_a_changed_hour(
    zone: str, moments: Sequence[str], spool: Spool, set_zone: Callable[[str], None]
) -> None:
    """An hour left out or repeated divides no day."""
    set_zone(zone)
    assert 1 == append_all(spool, at(*moments))


def test_spool_hour_repeated_over_midnight_keeps_each_lines_own_day(
    spool: Spool, folder: Path, set_zone: Callable[[str], None]
) -> None:
    """A minute of tomorrow between two of today is in tomorrow's file, in any zone."""
    set_zone(BACK_OVER_MIDNIGHT)
    before, between, after = at("2010-11-07T02:29:59", "2010-11-07T02:30:30", "2010-11-07T02:31:00")
    days = [local_day(second) for second in (1289097_000 - 1, 1289097_030, 1289097_060)]
    assert ["2010-11-06", "2010-11-07", "2010-11-06"] == days
    append_all(spool, [before, between, after])
    expected = {log_name(days[0]): before + after, log_name(days[1]): between}
    assert expected == files(folder)


def test_spool_clock_stepped_back_over_midnight_moves_no_line(spool: Spool, folder: Path) -> None:
    """Lines from before and after a step back stand in the file of their own date."""
    back = at("2026-05-20T00:00:01", "2026-05-19T23:59:58", "2026-05-19T23:59:59")
    again = line(9, ts="2026-05-20T00:00:00")
    assert 3 == append_all(spool, [*back, again])
    assert [back[0] + again, back[1] + back[2]] == [
        files(folder)[log_name(f"2026-05-{day}")] for day in (20, 19)
    ]


@pytest.mark.parametrize(
    ("days", "expected"),
    [("19", ("19", 1)), ("19 19 19", ("19", 3)), ("19 20", ("19", 1)), ("20 19 20", ("20", 1))],
)
def test_first_day_counts_the_lines_in_a_row(
    days: str, expected: tuple[str, int], set_zone: object
) -> None:
    """The first line's day, and how many follow on it without another between."""
    given = at(*(f"2026-05-{day}T12:00:00" for day in days.split()))
    assert (f"2026-05-{expected[0]}", expected[1]) == first_day(given)


def test_recorder_batch_over_midnight_goes_to_two_files(
    log_folder: Path, set_zone: Callable[[str], None]
) -> None:
    """Events of two local dates that wait in one batch end in two files, in order."""
    set_zone(BERLIN)
    midnight = 1_779_228_000
    moments = iter([midnight - 2, midnight - 1, midnight, midnight + 1])
    now = [next(moments)]
    recorder = Recorder(clock=lambda: now[0] * 1_000_000_000)
    recorder.writer.queue.resting = False  # nobody is woken: all four wait together
    for n in range(4):
        recorder.emit("info", "x", f"m{n}", {}, {})
        now[0] = next(moments, now[0])
    try:
        assert recorder.writer.flush(LIMIT)
        found = [(record["ts"], record["seq"]) for record in records_in(log_folder)]
        assert [1, 2, 3, 4] == [seq for _, seq in found]
        days = {path.name: path.read_bytes().count(b"\n") for path in log_folder.iterdir()}
        assert {"datatools-2026-05-19.jsonl": 2, "datatools-2026-05-20.jsonl": 2} == days
    finally:
        recorder.reset(LIMIT)


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_spool_makes_folder_and_file_for_the_user_only(
    mask: int, tmp_path: Path, set_zone: object
) -> None:
    """Whatever the umask: 0700 for each folder that we make, 0600 for a file."""
    deep = tmp_path / "a" / "b" / "c"
    before = os.umask(mask)
    try:
        Spool(lambda: (deep, False)).append(lines(1, 1))
    finally:
        os.umask(before)
    made = [tmp_path / "a", tmp_path / "a" / "b", deep]
    assert [0o700] * 3 == [mode(path) for path in made]
    assert 0o600 == mode(deep / TODAY)


def test_spool_keeps_the_modes_that_it_finds(spool: Spool, folder: Path) -> None:
    """A folder and a file that stood there keep their modes."""
    folder.mkdir()
    folder.chmod(0o755)
    (folder / TODAY).touch()
    (folder / TODAY).chmod(0o644)
    spool.append(lines(1, 1))
    assert (0o755, 0o644) == (mode(folder), mode(folder / TODAY))


def test_make_folder_made_by_another_process_meanwhile_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that appears between the look and the making is taken as it is."""
    mkdir = Path.mkdir

    def mkdir_twice(path: Path, mode: int) -> None:
        mkdir(path, 0o755)
        mkdir(path, mode)

    monkeypatch.setattr(Path, "mkdir", mkdir_twice)
    make_folder(tmp_path / "a" / "b", owned=False)
    assert (tmp_path / "a" / "b").is_dir()


def test_make_folder_ends_where_nothing_can_be_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative folder under a working folder that cannot be searched is no endless walk."""
    monkeypatch.chdir(tmp_path)
    looks = []

    def see_nothing(path: object) -> bool:
        looks.append(path)
        if len(looks) > 100:
            raise RecursionError("walks without end")
        return False

    monkeypatch.setattr(os.path, "lexists", see_nothing)
    make_folder(Path("logs"), owned=False)
    assert (tmp_path / "logs").is_dir()


@pytest.mark.parametrize("end", [b'{"ts":"2026-05-19T1', b"no record", b"}"])
def test_spool_half_a_line_gets_a_newline_before_the_next_append(
    end: bytes, spool: Spool, folder: Path
) -> None:
    """A file that a crash left amid a line is continued on a new one, and nothing is cut."""
    spool.append(lines(1, 2))
    with (folder / TODAY).open("ab") as stream:
        stream.write(end)
    spool.append(lines(3, 4))
    whole = [*lines(1, 2), end + b"\n", *lines(3, 4)]
    assert {TODAY: b"".join(whole)} == files(folder)


def test_spool_half_a_line_is_reported_by_the_reader(spool: Spool, folder: Path) -> None:
    """A torn piece is one record of the kind `torn`, between whole ones."""
    folder.mkdir()
    (folder / TODAY).write_bytes(b'{"ts":"2026-05-19T1')
    spool.append(lines(1, 1))
    found = list(read_events(folder))
    assert ["torn", b'{"ts":"2026-05-19T1\n'] == [found[0].problem, found[0].raw]
    assert line(1) == found[1].raw


def test_spool_batch_is_one_write(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines of a batch reach the file by one append."""
    writes: list[bytes] = []
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: (writes.append(data), real(fd, data))[1])
    spool.append(lines(1, 500))
    assert [b"".join(lines(1, 500))] == writes


def test_spool_repair_is_made_under_the_lock(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the file's end and the append happen while the lock is held."""
    free: list[bool] = []
    real = os.write

    def write(handle: int, data: bytes) -> int:
        with (folder / TODAY).open("rb") as other:
            try:
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                free.append(True)
            except BlockingIOError:
                free.append(False)
        return real(handle, data)

    folder.mkdir()
    (folder / TODAY).write_bytes(b"half")
    monkeypatch.setattr(os, "write", write)
    spool.append(lines(1, 1))
    assert [False, False] == free


def test_spool_writes_without_a_lock_that_is_never_given_back(
    spool: Spool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that keeps the lock for ever delays a batch and does not stop it."""
    monkeypatch.setattr(filelock, "WAIT_SECONDS", 0.01)
    spool.append(lines(1, 1))
    with (folder / TODAY).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        spool.append(lines(2, 2))
    assert b"".join(lines(1, 2)) == (folder / TODAY).read_bytes()


def test_spool_threads_append_whole_lines(spool: Spool, folder: Path) -> None:
    """Batches of several workers on one file do not run into one another."""
    threads = [
        threading.Thread(target=append_all, args=(spool, [line(n, 1_000)] * 100)) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    found = (folder / TODAY).read_bytes().splitlines(keepends=True)
    assert sorted(line(n, 1_000) for n in range(4) for _ in range(100)) == sorted(found)


@pytest.mark.parametrize("fsync", [False, True])
def test_spool_syncs_when_it_is_asked_to(
    fsync: bool,  # noqa: FBT001 -- pytest passes it by name
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With fsync each batch is on the disk before it counts as written; else never."""
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    Spool(lambda: (folder, False), lambda: fsync).append(lines(1, 2))
    assert fsync == bool(synced)


def test_spool_closes_what_it_opens(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a write nor a refusal leaves a file open."""
    handles = Path("/proc/self/fd")
    before = len(list(handles.iterdir()))
    spool.append(lines(1, 1))
    failed = 0

    def refuse(*_: object) -> int:
        nonlocal failed
        failed += 1
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(OSError, match="no"):
        spool.append(lines(1, 1))
    assert (1, before) == (failed, len(list(handles.iterdir())))


def test_spool_asks_for_the_folder_at_each_batch(tmp_path: Path, set_zone: object) -> None:
    """A folder that changes between two batches takes effect at the second."""
    folders = [tmp_path / "one", tmp_path / "two"]
    spool = Spool(lambda: (folders.pop(0), False))
    spool.append(lines(1, 1))
    spool.append(lines(2, 2))
    assert [line(1), line(2)] == [(tmp_path / name / TODAY).read_bytes() for name in ("one", "two")]
