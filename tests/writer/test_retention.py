"""Which logs go: the plan as a pure function, then the sweep in a folder."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from datatools_audit import AuditConfig
from datatools_audit.recorder import Recorder
from datatools_audit.writer.retention import LogFile, list_logs, plan, sweep
from tests.helpers import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = datetime.date(2026, 5, 19)


@pytest.fixture(autouse=True)
def zone() -> Iterator[None]:
    """Fix the time zone, an odd one, so that no test depends on the machine's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "TST-5:45")
        time.tzset()
        yield
    time.tzset()


def moment(days: float = 0, hour: float = 12) -> float:
    """Return that hour of a day counted from TODAY, local, in seconds since the epoch."""
    day = datetime.datetime.combine(TODAY, datetime.time())
    return (day + datetime.timedelta(days=days, hours=hour)).timestamp()


def name_of(days: int, infix: str = "", end: str = ".jsonl") -> str:
    return f"datatools-{infix}{TODAY + datetime.timedelta(days=days)}{end}"


def log(days: int, *, modified: float | None = None, size: int = 10, **name: str) -> LogFile:
    """Return a log of a day counted from TODAY, modified on that day unless told."""
    return LogFile(name_of(days, **name), size, moment(days if modified is None else modified))


YESTERDAY = log(-1)


@pytest.mark.parametrize(
    ("file", "goes"),
    [
        (log(-7), False),
        (log(-8), True),
        (log(-8, end=".jsonl.gz"), True),
        (log(-100, end=".jsonl.gz", modified=-3), False),
        (log(-100, modified=-7), False),
        (log(-100, modified=-8), True),
        (log(-3, modified=-100), False),
        (log(-8, infix="copy-", modified=-8), True),
        (log(-3, infix="copy-", modified=-8), False),
        (LogFile("datatools-notes.jsonl", 1, moment(-8)), True),
        (LogFile("datatools-notes.jsonl", 1, moment(-7)), False),
        (LogFile("datatools-notes.jsonl.gz", 1, moment(-8)), True),
        (LogFile("datatools-2026-13-45.jsonl", 1, moment(-8)), True),
        (LogFile("datatools-2026-13-45.jsonl", 1, moment(-6)), False),
        (log(0, modified=-100), False),
        (log(0, end=".jsonl.gz", modified=-100), False),
        (log(5), False),
        (log(-8, modified=5), False),
    ],
    ids=lambda value: f"{value.name}@{value.modified:.0f}" if isinstance(value, LogFile) else None,
)
def test_plan_takes_what_is_old_by_name_and_by_mtime(file: LogFile, *, goes: bool) -> None:
    """A log goes when its date, if it has one, and its mtime are both over 7 days ago."""
    assert ((file.name,) if goes else ()) == plan([YESTERDAY, file], moment())


@pytest.mark.parametrize("hour", [0, 23.99])
def test_plan_counts_local_days_not_hours(hour: float) -> None:
    """The seventh day is kept to its end and the eighth is gone from its beginning."""
    files = [YESTERDAY, log(-7), log(-8)]
    assert (name_of(-8),) == plan(files, moment(hour=hour))


def test_plan_keeps_as_many_days_as_configured() -> None:
    """Another number of days moves the limit."""
    files = [log(-n) for n in range(1, 5)]
    assert (name_of(-4), name_of(-3)) == plan(files, moment(), keep_days=2)


def test_plan_over_the_folder_limit_takes_the_oldest_days_first() -> None:
    """Beyond the folder's limit the oldest go, just as many as it takes."""
    files = [log(0, size=50), *(log(-n, size=10) for n in range(1, 6))]
    assert (name_of(-5), name_of(-4)) == plan(files, moment(), folder_bytes=80)
    assert () == plan(files, moment(), folder_bytes=100)


def test_plan_over_the_folder_limit_counts_what_is_gone_by_age() -> None:
    """What goes by its age makes room for the rest."""
    files = [log(-1, size=50), log(-2, size=50), log(-9, size=500)]
    assert (name_of(-9),) == plan(files, moment(), folder_bytes=100)


def test_plan_never_takes_todays_whatever_its_size() -> None:
    """Today's log stays though it alone exceeds the limit."""
    files = [log(0, size=1_000), log(0, size=1_000, end=".jsonl.gz"), log(-1)]
    assert (name_of(-1),) == plan(files, moment(), folder_bytes=1)


def test_plan_takes_any_iterable() -> None:
    """The files may come from a generator, and the folder's limit holds then too."""
    files = [log(-n, size=10) for n in range(1, 4)]
    assert (name_of(-3),) == plan(iter(files), moment(), folder_bytes=20)


def test_plan_of_an_empty_folder_is_empty() -> None:
    """Where there is nothing, nothing goes; the same where there is only today's."""
    assert () == plan([], moment())
    assert () == plan([log(0)], moment())


@pytest.mark.parametrize("jump", [8, 10, 400])
def test_plan_after_a_clock_jump_keeps_fresh_logs_for_a_day(jump: int) -> None:
    """A clock days ahead sweeps no fresh log; the next day it does, for then it was no slip."""
    files = [log(-n) for n in range(4)]
    assert () == plan([*files, log(jump)], moment(jump))
    kept = [log(jump)]
    gone = tuple(name_of(-n) for n in range(3, -1, -1))
    assert gone == plan([*files, *kept, log(jump + 1)], moment(jump + 1))


def test_plan_after_a_clock_jump_counts_from_the_last_day_before() -> None:
    """What was old before the jump is old after it."""
    files = [log(0), log(-7), log(-8)]
    assert (name_of(-8),) == plan(files, moment(10))


def test_plan_with_the_clock_behind_takes_nothing_of_the_future() -> None:
    """Logs of days to come stay, and make no present one old."""
    assert () == plan([log(0), log(10), log(-6)], moment())


def made(folder: Path, name: str, days: float = -30, size: int = 10) -> Path:
    """Make a file with that mtime."""
    path = folder / name
    path.write_bytes(b"x" * size)
    os.utime(path, (moment(days), moment(days)))
    return path


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_sweep_touches_its_pattern_only(tmp_path: Path) -> None:
    """Only `datatools-*.jsonl` and `.jsonl.gz` go; whatever else lies there stays."""
    ours = {name_of(-30), name_of(-31, end=".jsonl.gz"), "datatools-x.jsonl"}
    others = {"app.jsonl", "datatools-2026-04-01.json", "datatools-2026-04-01.jsonl.bak"}
    others |= {"datatools.jsonl", "x-datatools-2026-04-01.jsonl", "Datatools-2026-04-01.jsonl"}
    for name in ours | others:
        made(tmp_path, name)
    made(tmp_path, name_of(-1), -1)
    gone = sweep(tmp_path, moment(), keep_days=7, folder_bytes=1 << 30)
    assert (ours, others | {name_of(-1)}) == (set(gone), names(tmp_path))


def test_sweep_leaves_links_and_folders_alone(tmp_path: Path) -> None:
    """A link, a FIFO or a folder of that name stays, and so does what a link points to."""
    target = made(tmp_path, "target")
    (tmp_path / name_of(-30)).symlink_to(target)
    (tmp_path / name_of(-31)).mkdir()
    os.mkfifo(tmp_path / name_of(-32))
    before = names(tmp_path)
    assert () == sweep(tmp_path, moment(), keep_days=7, folder_bytes=1)
    assert before == names(tmp_path)


def test_sweep_goes_on_behind_a_file_that_cannot_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be removed stays and is not told as gone; the rest goes."""
    for days in (-30, -31, -32):
        made(tmp_path, name_of(days), days)
    unlink, refused = Path.unlink, []

    def refuse(path: Path, *args: bool) -> None:
        if path.name == name_of(-31):
            refused.append(path.name)
            raise PermissionError(1, "immutable")
        unlink(path, *args)

    monkeypatch.setattr(Path, "unlink", refuse)
    made(tmp_path, name_of(-1), -1)
    gone = sweep(tmp_path, moment(), keep_days=7, folder_bytes=1 << 30)
    assert (name_of(-32), name_of(-30)) == gone
    assert [name_of(-31)] == refused
    assert {name_of(-31), name_of(-1)} == names(tmp_path)


def test_sweep_of_a_missing_folder_raises(tmp_path: Path) -> None:
    """A folder that cannot be read is told to the caller."""
    with pytest.raises(FileNotFoundError):
        sweep(tmp_path / "none", moment(), keep_days=7, folder_bytes=1)


def test_list_logs_leaves_out_a_file_that_has_just_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that another process removes during the listing is none."""
    made(tmp_path, name_of(-1), -1, size=7)
    made(tmp_path, name_of(-2), -2)

    class Vanishing:
        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self._entry = entry.name, entry

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            if self.name == name_of(-2):
                (tmp_path / self.name).unlink()
                raise FileNotFoundError(self.name)
            return self._entry.stat(follow_symlinks=follow_symlinks)

    class Listing:
        def __enter__(self) -> list[Vanishing]:
            return [Vanishing(entry) for entry in found]

        def __exit__(self, *_: object) -> None: ...

    with os.scandir(tmp_path) as entries:
        found = list(entries)
    monkeypatch.setattr(os, "scandir", lambda _folder: Listing())
    (found,) = list_logs(tmp_path)
    assert (name_of(-1), 7, moment(-1)) == (found.name, found.size, found.modified)


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __call__(self) -> int:
        return int(self.seconds * 1_000_000_000)


@pytest.fixture
def clock() -> Clock:
    return Clock(moment())


@pytest.fixture
def recorder(clock: Clock) -> Iterator[Recorder]:
    """Give a recorder of its own that lives by that clock."""
    made_here = Recorder(clock=clock)
    yield made_here
    made_here.reset(LIMIT)


def log_twice(recorder: Recorder) -> None:
    """Write two batches: once the second is written, the first one's sweep is over."""
    for _ in range(2):
        recorder.emit("info", "x", "m", {}, {})
        assert recorder.writer.flush(LIMIT)


def test_recorder_sweeps_at_its_start(recorder: Recorder, log_folder: Path) -> None:
    """The first batch of a process is followed by a sweep."""
    log_folder.mkdir()
    made(log_folder, name_of(-8), -8)
    made(log_folder, name_of(-7), -7)
    log_twice(recorder)
    assert {name_of(-7), name_of(0)} == names(log_folder)


def test_recorder_sweeps_once_a_day_and_again_on_the_next(
    recorder: Recorder, clock: Clock, log_folder: Path
) -> None:
    """A running process sweeps once each local day, from its first batch on that day."""
    log_twice(recorder)
    made(log_folder, name_of(-20), -20)
    made(log_folder, name_of(-1), -1)
    clock.seconds = moment(hour=23.999)
    log_twice(recorder)
    assert name_of(-20) in names(log_folder)
    clock.seconds = moment(1, hour=0.001)
    log_twice(recorder)
    assert {name_of(-1), name_of(0), name_of(1)} == names(log_folder)


def test_recorder_sweeps_by_its_configuration(recorder: Recorder, log_folder: Path) -> None:
    """Days and bytes are those of the configuration."""
    log_folder.mkdir()
    recorder.configure(AuditConfig(retention_days=2, folder_bytes=1 << 20))
    made(log_folder, name_of(-3), -3)
    made(log_folder, name_of(-2), -2, size=1 << 20)
    made(log_folder, name_of(-1), -1)
    log_twice(recorder)
    assert {name_of(-1), name_of(0)} == names(log_folder)


def test_recorder_sweeps_a_new_folder_too(
    recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that the environment names later gets its own sweep on the same day."""
    log_twice(recorder)
    other = tmp_path / "other"
    other.mkdir()
    made(other, name_of(-20), -20)
    made(other, name_of(-1), -1)
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(other))
    log_twice(recorder)
    assert {name_of(-1), name_of(0)} == names(other)


def test_recorder_clock_days_ahead_keeps_fresh_logs(
    recorder: Recorder, clock: Clock, log_folder: Path
) -> None:
    """A start ten days ahead sweeps no fresh log; the next day's sweep removes them."""
    log_folder.mkdir()
    made(log_folder, name_of(-1), -1)
    made(log_folder, name_of(0), 0)
    clock.seconds = moment(10)
    log_twice(recorder)
    fresh = {name_of(-1), name_of(0), name_of(10)}
    assert fresh == names(log_folder)
    os.utime(log_folder / name_of(10), (moment(10), moment(10)))
    clock.seconds = moment(11)
    log_twice(recorder)
    assert {name_of(10), name_of(11)} == names(log_folder)


def test_recorder_sweep_that_fails_is_counted_and_stops_nothing(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that cannot be listed is a counted failure; logging goes on."""

    def refuse(_folder: object) -> None:
        raise PermissionError(13, "not for you")

    monkeypatch.setattr("datatools_audit.writer.retention.list_logs", refuse)
    log_twice(recorder)
    assert recorder.writer.close(10)  # the sweep comes after the flush is answered
    stats = recorder.stats()
    assert (2, {"sweep: PermissionError": 1}) == (stats.written, stats.internal_failures)
