"""`python -m benchmarks.scale`: what a fleet's events weigh and take, in each form.

A log is packed, exported to Parquet and read into ClickHouse, by the recipes in `deploy/`; then
the same questions are asked of each form. Each step is a whole process, one behind the other.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.big_log import DAY, make_log
from benchmarks.process import taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.process import Taken

EVENTS = 1_000_000
QUICK_EVENTS = 2_000
ROUNDS = 3
RECIPES = Path(__file__).parents[1] / "deploy" / "clickhouse"
LOG = f"logs/datatools-{DAY}.jsonl"
QUESTIONS = {
    "counts": "SELECT category, level, count(*) FROM {} GROUP BY 1, 2",
    "errors by type": "SELECT exc_type, count(*), max(ts) FROM {} WHERE level = 'error' GROUP BY 1",
    "`count(*)`": "SELECT count(*) FROM {}",
}

_PACK = "from pathlib import Path; from datatools_audit.writer.packing import pack_days; "
_PACK += "assert pack_days(Path('packed'), '9999-12-31')"
_CLICKHOUSE = """
import sys
from chdb.session import Session
session = Session("clickhouse")
for statement in sys.argv[1:]:
    print(session.query(statement, "CSV"), end="")
session.close()
"""
_DUCKDB = "import duckdb, sys; print(duckdb.sql(sys.argv[1]).fetchall())"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the log, turn it into each form, ask each form, print the tables."""
    parser = argparse.ArgumentParser("python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="of the log")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each question")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_EVENTS:,} events, one round")
    wanted = parser.parse_args(arguments)
    events = QUICK_EVENTS if wanted.quick else wanted.events
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        folder = Path(made)
        for name in ("logs", "packed"):
            (folder / name).mkdir()
        shutil.move(make_log(folder, events), folder / LOG)
        shutil.copy(folder / LOG, folder / "packed")
        print(f"{events:,} events, {os.cpu_count()} processors\n")
        print(*_forms(folder, events), "", sep="\n", flush=True)
        print(*_answers(folder, 1 if wanted.quick else wanted.rounds), sep="\n")


def _forms(folder: Path, events: int) -> Iterator[str]:
    """Turn the log into each form, and tell what each weighs and took."""
    log = folder / LOG
    yield "| form | MB | bytes an event | made in s | events/s | memory, MB |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield f"| JSON lines | {_weight(log, events)} | | | |"
    ours = [sys.executable, "-m", "datatools_audit"]
    table = (RECIPES / "events.sql").read_text().rstrip().removesuffix(";")
    for form, command, where in (
        ("packed by day, `.gz`", [sys.executable, "-c", _PACK], "packed"),
        ("Parquet", [*ours, "export", "--parquet", "lake", LOG], "lake"),
        ("ClickHouse, of the Parquet", _insert(table, "parquet"), "clickhouse"),
        ("ClickHouse, of the JSON lines", _insert(table, "jsonl"), "clickhouse"),
    ):
        shutil.rmtree(folder / "clickhouse", ignore_errors=True)
        took = _taken(command, folder)
        rate = f"{events / took.seconds:,.0f}"
        weight = _weight(folder / where, events)
        if where == "clickhouse":
            weight = _weighed(int(took.said.split()[-1]), events)
        yield f"| {form} | {weight} | {took.seconds:,.1f} | {rate} | {took.megabytes:,.0f} |"


def _insert(table: str, form: str) -> list[str]:
    insert = (RECIPES / f"insert-{form}.sql").read_text().rstrip().removesuffix(";")
    merge = "OPTIMIZE TABLE events FINAL"
    size = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'events'"
    return [sys.executable, "-c", _CLICKHOUSE, table, insert, merge, size]


def _answers(folder: Path, rounds: int) -> Iterator[str]:
    """Ask each form the same, in turn; seconds are medians of whole processes."""
    ours = [sys.executable, "-m", "datatools_audit", "sql"]
    lake = "'lake/*/*.parquet'"
    asked = {
        "JSON lines, `datatools-audit sql`": lambda q: [*ours, q.format("events"), LOG],
        "Parquet, DuckDB": lambda q: [sys.executable, "-c", _DUCKDB, q.format(lake)],
        "ClickHouse": lambda q: [sys.executable, "-c", _CLICKHOUSE, q.format("events")],
    }
    yield f"| asked, s | {' | '.join(QUESTIONS)} |"
    yield f"| --- |{' --- |' * len(QUESTIONS)}"
    took: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for form, command in asked.items():
            for name, question in QUESTIONS.items():
                seconds = _taken(command(question), folder).seconds
                took.setdefault((form, name), []).append(seconds)
    for form in asked:
        cells = (f"{statistics.median(took[form, name]):.2f}" for name in QUESTIONS)
        yield f"| {form} | {' | '.join(cells)} |"


def _weight(path: Path, events: int) -> str:
    files = path.rglob("*") if path.is_dir() else [path]
    return _weighed(sum(each.stat().st_size for each in files if each.is_file()), events)


def _weighed(size: int, events: int) -> str:
    return f"{size / 1e6:,.1f} | {size / events:,.1f}"


def _taken(command: Sequence[str], folder: Path) -> Taken:
    return taken(command, {"PYTHONPATH": str(Path(__file__).parents[1])}, folder)


if __name__ == "__main__":
    main()
