"""A long run: hours of events, days of logs, and no more memory at its end than at its start."""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING

from datatools_audit import read_events
from tests.faults.helpers import rounds, run

if TYPE_CHECKING:
    from pathlib import Path

DAYS = 40
MIB = 1 << 20


def test_soak_keeps_memory_flat_and_sweeps_each_day(log_folder: Path) -> None:
    """Over forty days and a hundred thousand or two million events nothing grows."""
    events = rounds(100_000, 2_000_000)
    out, err = run("soak.py", events, events // DAYS, limit=400)
    told = json.loads(out)
    resident = [sample["resident"] for sample in told["samples"]]
    objects = [sample["objects"] for sample in told["samples"]]
    assert ("", {}, 0) == (err, told["failures"], told["dropped"])
    assert told["done"] == told["written"] > events
    assert DAYS <= told["days"]
    assert median(resident[-5:]) - median(resident[:5]) < 8 * MIB, resident
    assert median(objects[-5:]) - median(objects[:5]) < 100, objects
    # Of 10,000 events each. Once in a while a table of the interpreter grows; a leak is in all.
    assert min(told["traced"]) < 16 * 1024, told["traced"]
    names = sorted(path.name for path in log_folder.iterdir())
    assert len(names) in (8, 9)  # seven days, today's and, around midnight, one more
    last = [r for r in read_events(log_folder / names[-1]) if r.problem is None]
    assert told["done"] == last[-1]["seq"]
    for path in log_folder.iterdir():
        path.unlink()


def test_queue_that_is_full_takes_the_memory_that_it_is_said_to() -> None:
    """With a disk that hangs, 20,000 short events wait in about the bytes that they have."""
    out, _ = run("hoard.py", 20_000)
    told = json.loads(out)
    assert 20_000 == told["depth"]
    assert 2 * MIB < told["bytes"] < 8 * MIB
    assert told["grown"] < told["bytes"] + 16 * MIB
