"""`python -m benchmarks.big_log`: a day of a million events, looked at by the page and by pandas.

Each contestant is a process of its own and does what a page does: it reads the day, counts,
draws the day by level, lists the newest thousand, groups the errors; filters, searches; and
follows a log that grows. A figure that can be repeated is the median of several, each a
question that was not asked before: the engine keeps its answers.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DAY = "2026-05-19"
EVENTS = 1_000_000
QUICK_EVENTS = 5_000
TIMES = 5
MORE_EVENTS = 1_000
NEEDLE = "needle in the hay"
TEXTS = ("NEEDLE IN", "le in the HAY", "ä", 'say "hi"', "nowhere")
ROWS = 1_000
CONTESTANTS = ("the page's engine", "pd.read_json(lines=True)")
_MIX = (
    ("debug", "run", "Run started", {"phase": "start", "run_id": "69a8fc2d"}),
    ("info", "widget", "Changed Region", {"kind": "selectbox", "label": "Region", "key": "region"}),
    ("info", "widget", "Clicked Analyze", {"kind": "button", "label": "Analyze", "key": "go"}),
    ("info", "upload", "Uploaded customers.csv", {"filename": "customers.csv", "bytes": 24813}),
    ("info", "nav", "Opened analyze", {"title": "Analyze", "left": "upload", "dwell_ms": 8123}),
    ("debug", "run", "Run ended: ok", {"phase": "end", "outcome": "ok", "duration_ms": 61.223}),
    ("info", "analyze", "analyze finished", {"phase": "end", "outcome": "ok", "rows": 344}),
)
_TRACEBACK = (
    'Traceback (most recent call last):\n  File "pages/analyze.py", line 41, in draw\n'
    '  File "datatools/summary.py", line 12, in summary\nValueError: no such column'
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the log, measure each contestant in a process of its own, print the table."""
    parser = argparse.ArgumentParser("python -m benchmarks.big_log", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="of the day")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_EVENTS:,} events")
    parser.add_argument("--measure", choices=CONTESTANTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.measure:
        print(json.dumps(_MEASURES[wanted.measure](wanted.folder)))
        return
    events = QUICK_EVENTS if wanted.quick else wanted.events
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = make_log(Path(folder), events)
        print(f"{events:,} events, {path.stat().st_size / 1e6:.0f} MB\n")
        size = path.stat().st_size
        found = {}
        for name in CONTESTANTS:
            with path.open("r+b") as file:
                file.truncate(size)
            found[name] = _in_a_process(name, folder)
    _print(found)


def make_log(folder: Path, events: int) -> Path:
    """Write a day's log of so many events, and return its path."""
    draw = random.Random(1)
    sessions = [f"{draw.getrandbits(32):08x}" for _ in range(2_000)]
    begin = datetime.datetime.fromisoformat(f"{DAY}T00:00:00+00:00")
    path = folder / f"datatools-{DAY}.jsonl"
    with path.open("wb") as file:
        for seq in range(1, events + 1):
            moment = begin + datetime.timedelta(seconds=86_000 * seq / events)
            file.write(_line(draw, seq, moment, draw.choice(sessions)))
    return path


def _line(draw: random.Random, seq: int, moment: datetime.datetime, session: str) -> bytes:
    level, category, message, extra = draw.choice(_MIX)
    chance = draw.random()
    if chance < 0.01:
        level, category, message = "error", "error", "In analyze: ValueError: no such column"
        extra = {"exc_type": "ValueError", "traceback": _TRACEBACK, "support_code": "E-7K3F9Q"}
    elif chance < 0.011:
        message = f"{message}, {NEEDLE}"
    record = {
        "ts": moment.isoformat(timespec="milliseconds"),
        "level": level,
        "category": category,
        "session": session,
        "message": message,
        "proc": "9f3e12ab",
        "seq": seq,
        "page": "analyze",
        **extra,
    }
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


def _more(path: Path) -> None:
    draw = random.Random(2)
    moment = datetime.datetime.fromisoformat(f"{DAY}T23:59:00+00:00")
    lines = [_line(draw, 10_000_000 + n, moment, "a1b2c3d4") for n in range(MORE_EVENTS)]
    with path.open("ab") as file:
        file.write(b"".join(lines))


def _in_a_process(name: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.big_log", "--measure", name, "--folder", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{name} ended with {done.returncode}: {done.stderr}"
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _median(work: Callable[[int], object], times: int = TIMES) -> float:
    took = []
    for number in range(times):
        began = time.perf_counter()
        work(number)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def _engine(folder: Path) -> dict[str, float]:
    began = time.perf_counter()
    from datatools_audit.reading.query import Filter
    from datatools_audit.reading.store import Store

    days = (DAY,)
    store, whole = Store(folder), Filter(days=days)
    view = store.view(None)

    def look(asked: Filter) -> None:
        store.refresh(days)
        view.totals(asked)
        view.rows(asked, limit=ROWS)

    look(whole)
    view.histogram(whole)
    view.groups(whole)
    first = time.perf_counter() - began
    sessions = [str(record["session"]) for record in view.rows(whole, limit=TIMES)]
    often = [f"{DAY}T0{hour}:00" for hour in range(TIMES)]

    def follow(_: int) -> None:
        _more(folder / f"datatools-{DAY}.jsonl")
        look(whole)

    return {
        "first view": first,
        "errors only": _median(lambda n: look(Filter(days, levels=("error",), since=often[n]))),
        "one session": _median(lambda n: look(Filter(days, sessions=(sessions[n],)))),
        "a text": _median(lambda n: look(Filter(days, text=TEXTS[n]))),
        "a frequent text": _median(lambda n: look(Filter(days, text="Run ended"[n:]))),
        "1,000 more, seen": _median(follow),
        "memory, MB": _peak_mb(),
    }


def _pandas(folder: Path) -> dict[str, float]:
    began = time.perf_counter()
    import pandas as pd

    path = folder / f"datatools-{DAY}.jsonl"

    def load() -> Any:
        return pd.read_json(path, lines=True)

    def look(frame: Any) -> Any:
        problems = frame["level"].isin(["error", "critical"]).sum()
        return len(frame), problems, frame.sort_values(["ts", "seq"]).tail(ROWS).to_dict("records")

    frame = load()
    look(frame)
    frame.groupby([frame["ts"].astype(str).str[:16], "level"]).size()
    frame[frame["level"] == "error"].groupby(["exc_type", "traceback"]).size()
    first = time.perf_counter() - began
    session = frame["session"].iloc[-1]

    def search(_: int) -> None:
        texts = frame.select_dtypes(exclude="number").astype(str)
        hit = texts.apply(lambda column: column.str.contains(NEEDLE, case=False, regex=False))
        look(frame[hit.any(axis=1)])

    def follow(_: int) -> None:
        _more(path)
        look(load())

    return {
        "first view": first,
        "errors only": _median(lambda _: look(frame[frame["level"] == "error"])),
        "one session": _median(lambda _: look(frame[frame["session"] == session])),
        "a text": _median(search, 1),
        "a frequent text": _median(search, 1),
        "1,000 more, seen": _median(follow, 1),
        "memory, MB": _peak_mb(),
    }


_MEASURES = dict(zip(CONTESTANTS, (_engine, _pandas), strict=True))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _print(found: dict[str, dict[str, float]]) -> None:
    ours, theirs = (found[name] for name in CONTESTANTS)
    print(f"{'seconds':20}{CONTESTANTS[0]:>20}{CONTESTANTS[1]:>28}{'ratio':>10}")
    for name, figure in ours.items():
        form = "{:,.0f}" if "memory" in name else "{:.3f}"
        cells = form.format(figure), form.format(theirs[name])
        print(f"{name:20}{cells[0]:>20}{cells[1]:>28}{figure / theirs[name]:>10.3f}")


if __name__ == "__main__":
    main()
