"""The command: how many reruns, how many visitors, and what is printed of them."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit

from benchmarks.field.verdict import Verdict
from benchmarks.streamlit import reruns, visitors
from benchmarks.streamlit.contestants import AGAIN, CONTESTANTS, OURS, PLAIN, THEIRS
from benchmarks.streamlit.difference import difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.streamlit.reruns import Found

ROUNDS = 200
QUICK_ROUNDS = 3
QUICK_CROWD = visitors.Crowd(waves=2, visitors=6, rounds=2)
WIDTHS = (38, 10, 28, 10, 28)
HEAD = ("", "ms", "to plain (95 %)", "CPU ms", "to plain (95 %)")
MOST_PERCENT = 1.0
PLACES = {"a live server": reruns.live, "AppTest": reruns.tested}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status does not judge."""
    parser = argparse.ArgumentParser("python -m benchmarks.streamlit", description=__doc__)
    parser.add_argument("--rounds", type=int, help=f"reruns of each; default: {ROUNDS}")
    parser.add_argument("--quick", action="store_true", help="few, to see that all works")
    parser.add_argument("--json", type=Path, help="a file for every rerun's times")
    wanted = parser.parse_args(arguments)
    rounds = wanted.rounds or (QUICK_ROUNDS if wanted.quick else ROUNDS)
    if wanted.quick:
        reruns.SITTINGS = reruns.WARM_UP_CLICKS = 1
    print(f"Streamlit {streamlit.__version__}, Python {sys.version.split()[0]}, ", end="")
    print(f"{os.cpu_count()} processors; a page of 200 widgets, {rounds} clicks on each\n")
    installed = [each for each in CONTESTANTS if each.is_installed]
    found = {}
    for place, sitting in PLACES.items():
        found[place] = reruns.measured(sitting, installed, rounds)
        _print(place, found[place])
    print("\n".join(visitors.report(QUICK_CROWD if wanted.quick else visitors.Crowd())))
    if wanted.json:
        wanted.json.write_text(json.dumps(found, default=dataclasses.asdict, indent=1) + "\n")
    return 0


def _print(place: str, found: Found) -> None:
    print(_row((f"on {place}" if "live" in place else f"in {place}", *HEAD[1:])))
    for each in CONTESTANTS:
        told = cells(found, each.name) if each.name in found else ("not installed",)
        print(_row((each.title, *told)))
    for verdict in verdicts(place, found):
        print(verdict)
    print(flush=True)


def cells(found: Found, name: str) -> Iterator[str]:
    """Give a contestant's milliseconds and what they add to plain: by the clock, by the CPU."""
    for more, less in (
        (found[name].ms, found[PLAIN].ms),
        (found[name].cpu_ms, found[PLAIN].cpu_ms),
    ):
        yield f"{statistics.median(more):.2f}"
        yield "" if name == PLAIN else str(difference(more, less))


def _row(cells: Sequence[str]) -> str:
    first, *rest = [
        cell.ljust(width) if n == 0 else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(cells, WIDTHS, strict=False))
    ]
    return "".join([first, *rest]).rstrip()


def verdicts(place: str, found: Found) -> Iterator[Verdict]:
    """Judge what is added to a rerun: to one percent, and to what the field adds."""
    added = {n: difference(found[n].ms, found[PLAIN].ms) for n in found if n != PLAIN}
    ours, noise = added[OURS], added[AGAIN]
    yield Verdict(
        f"{place}, added to a rerun, in percent, ≤ 1",
        ours.percent,
        ours.percent <= MOST_PERCENT,
        f"{ours.low:+.2f} … {ours.high:+.2f}; plain again {noise.percent:+.2f}",
    )
    for name in THEIRS:
        theirs = added.get(name)
        reached = theirs is not None and ours.percent < theirs.percent
        ratio = ours.percent / theirs.percent if theirs is not None and theirs.percent > 0 else None
        yield Verdict(f"{place}, added, to {name}'s, < 1", ratio, reached)
