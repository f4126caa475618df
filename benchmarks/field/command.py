"""The command: which contestants, how many rounds, and where the numbers go."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.field.contestants import BY_NAME, CONTESTANTS
from benchmarks.field.figures import Figures
from benchmarks.field.rounds import run, run_quick
from benchmarks.field.table import table
from benchmarks.field.verdict import chase, verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.field.contestant import Contestant
    from benchmarks.field.process import Result

ROUNDS = 5
QUICK = ("idle", "append", "encode", "ours", "ours-off", "stdlib")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table and the verdicts; the exit status does not judge."""
    wanted = _options(arguments)
    chosen = [each for each in CONTESTANTS if each.name in _names(wanted)]
    installed = [each for each in chosen if each.is_installed]
    if wanted.quick:
        results = run_quick(installed)
    else:
        results = run(installed, wanted.rounds, lambda line: print(line, file=sys.stderr))
    if wanted.json:
        _save(results, wanted.json)
    _print(chosen, Figures(results), max((each.round for each in results), default=0))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="default: %(default)s")
    parser.add_argument(
        "--only", action="append", choices=list(BY_NAME), help="may be given more than once"
    )
    parser.add_argument(
        "--quick", action="store_true", help="one small round, to see that all works"
    )
    parser.add_argument("--json", type=Path, help="a file for every number of every round")
    return parser.parse_args(arguments)


def _names(wanted: argparse.Namespace) -> Sequence[str]:
    return wanted.only or (QUICK if wanted.quick else list(BY_NAME))


def _save(results: list[Result], path: Path) -> None:
    told = [dataclasses.asdict(result) for result in results]
    path.write_text(json.dumps(told, indent=1) + "\n")


def _print(chosen: list[Contestant], figures: Figures, rounds: int) -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {version}, {os.cpu_count()} processors, medians of {rounds} rounds\n")
    print(table(chosen, figures))
    print()
    for verdict in verdicts(figures):
        print(verdict)
    print(chase(figures))
