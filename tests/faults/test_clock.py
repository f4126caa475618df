"""A clock that steps back, runs over midnight and starts days ahead, while events come."""

from __future__ import annotations

import datetime
import os
import random
import threading
import time
from typing import TYPE_CHECKING

import pytest

from datatools_audit.recorder import Recorder
from tests.faults.helpers import records_in, rounds, run
from tests.helpers import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT = 60
MOST_WAITING = 10_000
DAY_NS = 86_400_000_000_000
MIDNIGHT_NS = 1_795_651_200_000_000_000  # 2026-11-26T00:00:00Z


class Clock:
    """A clock that can be put anywhere; each look moves it on by a quarter of a millisecond."""

    def __init__(self) -> None:
        self.moment = MIDNIGHT_NS - DAY_NS // 2

    def __call__(self) -> int:
        self.moment += 250_000
        return self.moment


@pytest.fixture(params=["UTC", "<-1130>+11:30", "EST5EDT,M3.2.0,M11.1.0"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the process live in that time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recorder(clock: Clock, zone: None, log_folder: Path) -> Iterator[Recorder]:
    made = Recorder(clock=clock)
    yield made
    made.reset(LIMIT)


def local_date(record: dict[str, object]) -> str:
    moment = datetime.datetime.fromisoformat(str(record["ts"]))
    return time.strftime("%Y-%m-%d", time.localtime(moment.timestamp()))


def load(recorder: Recorder, clock: Clock, steps: list[int], per_thread: int) -> None:
    """Have four threads log while the clock is put to each of these moments in turn."""
    running = threading.Barrier(5)

    def log(thread: int) -> None:
        running.wait(LIMIT)
        for n in range(per_thread):
            recorder.emit("info", "test", "m", {}, {"thread": thread, "n": n})
            while n % 50 == 49 and recorder.stats().queue_depth > MOST_WAITING:
                time.sleep(0.001)  # lines of many days are written one by one

    threads = [threading.Thread(target=log, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    running.wait(LIMIT)
    while any(thread.is_alive() for thread in threads):
        for step in steps:
            clock.moment = step
            time.sleep(0.0002)
    assert recorder.writer.flush(LIMIT)


@pytest.mark.parametrize("way", ["back over midnight", "day after day", "anywhere"])
def test_clock_that_jumps_under_load_moves_and_loses_no_event(
    way: str, recorder: Recorder, clock: Clock, log_folder: Path
) -> None:
    """Each event is once in the file of its own local date, and a thread's stand in order there."""
    chance = random.Random(way)
    steps = {
        "back over midnight": [MIDNIGHT_NS + hours * 3_600_000_000_000 for hours in (13, -13)],
        "day after day": [MIDNIGHT_NS + day * DAY_NS for day in range(6)],
        "anywhere": [MIDNIGHT_NS + chance.randrange(-3 * DAY_NS, 3 * DAY_NS) for _ in range(50)],
    }[way]
    each = rounds(2_000, 20_000)
    load(recorder, clock, steps, each)
    assert {} == recorder.stats().dropped_reasons
    found = records_in(log_folder)
    events = [r for r in found if r["category"] == "test"]
    assert 4 * each == len({(r["thread"], r["n"]) for r in events}) == len(events)
    assert list(range(1, len(found) + 1)) == sorted(r["seq"] for r in found)  # type: ignore[type-var]
    files = sorted(log_folder.glob("*.jsonl"))
    assert len(files) > 1
    for path in files:
        records = [strict_json(raw) for raw in path.read_bytes().splitlines(keepends=True)]
        assert {path.name[10:20]} == {local_date(record) for record in records}
        for thread in range(4):
            own = [r["n"] for r in records if r.get("thread") == thread]
            assert sorted(own) == own  # type: ignore[type-var]


@pytest.mark.parametrize("days", [8, 10, 400, -10])
def test_clock_days_off_at_the_start_sweeps_nothing_that_should_stay(
    days: int, log_folder: Path
) -> None:
    """A week's logs outlive two starts by a wrong clock and the next ones by the right clock."""
    log_folder.mkdir()
    now = time.time()
    made = []
    for age in range(7):
        day = time.strftime("%Y-%m-%d", time.localtime(now - age * 86_400))
        path = log_folder / f"datatools-{day}.jsonl"
        path.write_bytes(b'{"ts":"2026-05-19T12:00:00.000+00:00","category":"old"}\n')
        os.utime(path, (now - age * 86_400,) * 2)
        made.append(path.name)
    ancient = log_folder / "datatools-2020-01-01.jsonl"
    ancient.touch()
    os.utime(ancient, (1.6e9, 1.6e9))
    for off in (days, days, 0, 0):
        today, _ = run("ahead.py", off)
        names = {path.name for path in log_folder.iterdir()}
        assert (set(), True) == (set(made) - names, today in names)
    assert not ancient.exists()  # the sweep has run
