"""`python -m benchmarks.support_speed`: the same questions of the same log, by us and by others.

Each contestant is a whole process, or a pipe of them, from the start to the printed answer, and
they come in turn. The log is in the page cache for all of them. The memory is that of the
biggest process of a contestant.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import shutil
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.big_log import make_log
from benchmarks.process import taken
from datatools_audit.reading import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EVENTS = 1_000_000
QUICK_EVENTS = 2_000
MOST_FOR_PANDAS = 1_000_000
ROUNDS = 3
COUNTS = "SELECT category, level, count(*) FROM events GROUP BY ALL"
ERRORS = "SELECT exc_type, count(*), min(ts), max(ts) FROM events WHERE level = 'error' GROUP BY 1"
RECORDS = "SELECT count(*) FROM events"
QUESTIONS = {"counts": COUNTS, "errors by type": ERRORS, "count(*)": RECORDS}
OURS, BARE, JQ, LNAV, PANDAS = "ours", "bare DuckDB", "jq", "lnav", "pandas"
SAME = "bare DuckDB, of records"

_BARE = """
import duckdb, sys
connection = duckdb.connect(config={{"memory_limit": "1GiB"}})
connection.execute('''create view events as select * from read_json(
    {paths}, columns = {{{columns}}}, format = 'newline_delimited', ignore_errors = true)''')
print(connection.execute(sys.argv[1]).fetchall())
"""
_PANDAS = """
import pandas as pd, sys
frame = pd.read_json(sys.argv[1], lines=True)
print(frame.groupby(["category", "level"]).size())
if sys.argv[2] == "summary":
    print(frame["level"].value_counts())
    print(frame.groupby("page").agg({"seq": "size", "session": "nunique"}))
    print(frame.groupby("session").agg({"ts": ["min", "max"], "seq": "size"}))
    errors = frame[frame["level"] == "error"]
    print(errors.groupby(["exc_type", "traceback"]).agg({"seq": "size", "session": "nunique"}))
    print(frame.groupby("category")["duration_ms"].agg(["median", "max"]))
    print(frame.groupby("proc")["seq"].agg(["min", "max", "nunique", "size"]))
"""
_JQ_COUNTS = """jq -r '[.category, .level] | @tsv' "$1" | sort | uniq -c"""
# One reading, and awk for all questions: several readings would be several times as slow.
_JQ_SUMMARY = """
jq -r '[.category, .level, .page, .session, .ts, .exc_type, .duration_ms, .proc, .seq] | @tsv' \
  "$1" | awk -F'\\t' '
  { levels[$2]++; pages[$3]++; n[$4]++; if (!($4 in first)) first[$4] = $5; last[$4] = $5;
    if ($2 == "error") errors[$6]++; if ($7 > most[$1]) most[$1] = $7; numbers[$8, $9]++ }
  END { for (k in levels) print k, levels[k]; for (k in pages) print k, pages[k];
    for (k in n) print k, n[k], first[k], last[k]; for (k in errors) print k, errors[k];
    for (k in most) print k, most[k]; for (k in numbers) if (numbers[k] > 1) print k }'
"""
_LNAV_COUNTS = "select category, log_level, count(*) from datatools_audit group by 1, 2"
_LNAV_SUMMARY = (
    _LNAV_COUNTS,
    "select page, count(*), count(distinct session) from datatools_audit group by 1",
    "select session, min(log_time), max(log_time), count(*) from datatools_audit group by 1",
    "select exc_type, count(*) from datatools_audit where log_level = 'error' group by 1",
    "select category, max(duration_ms) from datatools_audit group by 1",
    "select proc, min(seq), max(seq), count(distinct seq) from datatools_audit group by 1",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a contestant took.

    Attributes:
        question: Which was asked.
        contestant: Of whom.
        seconds: The median over the rounds; None where it was left out.
        megabytes: The most that its biggest process had.
        note: Why it was left out.
    """

    question: str
    contestant: str
    seconds: float | None
    megabytes: float | None
    note: str = ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the log, ask each contestant in turn, print the table and the verdicts."""
    parser = argparse.ArgumentParser("python -m benchmarks.support_speed", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="of the log")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of what is quick")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_EVENTS:,} events, one round")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    wanted = parser.parse_args(arguments)
    events = QUICK_EVENTS if wanted.quick else wanted.events
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        log = make_log(Path(folder), events)
        _settle(log)
        figures = list(_measured(Path(folder), log, events, 1 if wanted.quick else wanted.rounds))
        megabytes = log.stat().st_size / 1e6
    if wanted.json:
        print(json.dumps([asdict(figure) for figure in figures]))
        return
    print(f"{events:,} events, {megabytes:,.0f} MB, {os.cpu_count()} processors\n")
    print(*_table(figures), "", *_verdicts(figures), sep="\n")


def _settle(log: Path) -> None:
    """Have the log on the disk and in the page cache, so that the first is not the slowest."""
    compileall.compile_dir(Path(tables.__file__).parents[1], quiet=1)  # as installing it does
    os.sync()
    with log.open("rb") as file:
        while file.read(1 << 24):
            pass


def _measured(folder: Path, log: Path, events: int, rounds: int) -> Iterator[Figure]:
    for question, commands in _commands(folder, log).items():
        took: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        missing = {name: _missing(name, events) for name in commands}
        for turn in range(rounds):
            for name, command in commands.items():
                is_slow = name not in (OURS, BARE, SAME)
                if not missing[name] and (turn == 0 or not is_slow):
                    took[name].append(_taken(command, folder))
        for name, figures in took.items():
            if missing[name]:
                yield Figure(question, name, None, None, missing[name])
                continue
            seconds = statistics.median(each[0] for each in figures)
            yield Figure(question, name, seconds, max(each[1] for each in figures))


def _commands(folder: Path, log: Path) -> dict[str, dict[str, list[str]]]:
    ours = [sys.executable, "-m", "datatools_audit"]
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in tables.COLUMNS.items())
    bare = [sys.executable, "-c", _BARE.format(paths=tables.names([str(log)]), columns=columns)]
    pandas = [sys.executable, "-c", _PANDAS, str(log)]
    asked = {
        question: {OURS: [*ours, "sql", sql, str(log)], BARE: [*bare, sql]}
        for question, sql in QUESTIONS.items()
    }
    heads = " AND ".join(f"{name} IS NOT NULL" for name in tables.HEAD)
    asked["count(*)"][SAME] = [*bare, f"{RECORDS} WHERE {heads}"]
    asked["counts"] |= {
        JQ: ["sh", "-c", _JQ_COUNTS, "sh", str(log)],
        LNAV: _lnav(folder, log, [_LNAV_COUNTS]),
        PANDAS: [*pandas, "counts"],
    }
    asked["summary"] = {
        OURS: [*ours, "summary", str(log)],
        JQ: ["sh", "-c", _JQ_SUMMARY, "sh", str(log)],
        LNAV: _lnav(folder, log, _LNAV_SUMMARY),
        PANDAS: [*pandas, "summary"],
    }
    return asked


def _lnav(folder: Path, log: Path, questions: Sequence[str]) -> list[str]:
    formats = folder / "formats" / "datatools_audit"
    formats.mkdir(parents=True, exist_ok=True)
    told = Path(tables.__file__).parents[1] / "support" / "lnav" / "datatools_audit.json"
    shutil.copy(told, formats)
    asked = [part for sql in questions for part in ("-c", f";{sql}", "-c", ":write-csv-to -")]
    return ["lnav", "-n", "-q", "-I", str(folder), *asked, str(log)]


def _missing(name: str, events: int) -> str:
    if name in (JQ, LNAV) and shutil.which(name) is None:
        return f"{name} is not installed"
    if name == PANDAS and events > MOST_FOR_PANDAS:
        return f"memory: measured up to {MOST_FOR_PANDAS:,} events"
    return ""


def _taken(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return the seconds that it took, and the megabytes of its biggest process."""
    found = taken(command, {"HOME": str(folder), "LC_ALL": "C"})
    assert found.said.strip(), f"{command[:3]} said nothing"
    return found.seconds, found.megabytes


def _table(figures: Sequence[Figure]) -> Iterator[str]:
    yield "| question | by | seconds | times ours | memory, MB |"
    yield "| --- | --- | --- | --- | --- |"
    for figure in figures:
        if figure.seconds is None:
            yield f"| {figure.question} | {figure.contestant} | {figure.note} | | |"
            continue
        times = figure.seconds / _seconds(figures, figure.question, OURS)
        numbers = f"{figure.seconds:,.2f} | {times:,.2f} | {figure.megabytes:,.0f}"
        yield f"| {figure.question} | {figure.contestant} | {numbers} |"


def _verdicts(figures: Sequence[Figure]) -> Iterator[str]:
    for question in QUESTIONS:
        ratio = _seconds(figures, question, OURS) / _seconds(figures, question, BARE)
        yield _verdict(f"{question}, to bare DuckDB, ≤ 2", ratio, reached=ratio <= 2)
    for question in ("counts", "summary"):
        for other in (JQ, PANDAS):
            theirs = _seconds(figures, question, other)
            if theirs:
                ratio = theirs / _seconds(figures, question, OURS)
                yield _verdict(f"{question}, ahead of {other}, ≥ 10", ratio, reached=ratio >= 10)
    most = max(figure.megabytes or 0 for figure in figures if figure.contestant == OURS)
    yield _verdict("memory, to 2 GiB, ≤ 1", most / 2048, reached=most <= 2048)


def _verdict(said: str, ratio: float, *, reached: bool) -> str:
    return f"{'reached    ' if reached else 'FALLS SHORT'}  {said}: {ratio:.2f}"


def _seconds(figures: Sequence[Figure], question: str, contestant: str) -> float:
    wanted = question, contestant
    found = [each.seconds for each in figures if (each.question, each.contestant) == wanted]
    return found[0] or 0.0 if found else 0.0


if __name__ == "__main__":
    main()
