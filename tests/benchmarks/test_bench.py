"""The benchmark works; what it finds is not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.field.contestant import MEASUREMENTS, Contestant, Started
from benchmarks.field.contestants import BY_NAME, CONTESTANTS
from benchmarks.field.figures import Figures
from benchmarks.field.process import Result
from benchmarks.field.table import table
from benchmarks.field.verdict import verdicts

ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = 400
QUICK = {"idle", "append", "encode", "ours", "ours-off"}


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Result]]:
    """Run the quick form once; give what it prints and what it saves."""
    saved = tmp_path_factory.mktemp("bench") / "numbers.json"
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--json", str(saved)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
    ).stdout
    return told, [Result(**result) for result in json.loads(saved.read_text())]


def test_bench_prints_a_row_for_each_contestant(quick: tuple[str, list[Result]]) -> None:
    """The floors, both of ours and the standard library have their row, installed or not."""
    rows = [line for line in quick[0].splitlines() if line.startswith("|")]
    titles = [each.title for each in CONTESTANTS if each.name in {*QUICK, "stdlib"}]
    assert titles == [row.split(" | ")[0].removeprefix("| ") for row in rows[2:]]


def test_bench_gives_every_verdict(quick: tuple[str, list[Result]]) -> None:
    """Each target has its line, whichever way it went."""
    told, results = quick
    expected = [str(verdict) for verdict in verdicts(Figures(results))]
    assert len(expected) > 15
    assert [] == [line for line in expected if line not in told]


def test_bench_measures_all_it_says(quick: tuple[str, list[Result]]) -> None:
    """Nothing fails for the floors and for ours, and no event is lost."""
    results = [result for result in quick[1] if result.contestant in QUICK]
    assert [] == [(r.contestant, r.measurement, r.failed) for r in results if r.failed]
    assert set(MEASUREMENTS) == {r.measurement for r in results if r.contestant == "ours"}
    assert {0} == {r.numbers["lost"] for r in results if "lost" in r.numbers}


def test_bench_hangs_the_disk(quick: tuple[str, list[Result]]) -> None:
    """The disk that hangs has hung."""
    hung = [r for r in quick[1] if r.measurement in ("open", "write") and r.contestant in QUICK]
    assert hung
    assert all(result.numbers["blocked"] > 0 for result in hung)


def test_bench_goes_on_to_the_streamlit_layer(quick: tuple[str, list[Result]]) -> None:
    """Behind the field come the reruns, on a live server and in AppTest, and the visitors."""
    told = quick[0]
    assert 2 == told.count("\ninstrument() ")
    assert "\nwrong session: 0, missing: 0, too many: 0\n" in told


def test_bench_shows_who_is_not_installed() -> None:
    """A library that is missing has its row."""
    missing = Contestant(
        "missing", "A missing one", "library", "pass", lambda _: Started({}), ("no_such_package",)
    )
    assert "| A missing one | not installed |" in table([missing], Figures([]))


def test_bench_shows_who_crashed_or_blocked() -> None:
    """A process that ended without numbers says why in its cell, and for how many rounds."""
    row_of = replace(BY_NAME["picologging"], needs=())
    results = [
        Result("picologging", "four", failed="crashed (SIGSEGV)"),
        Result("picologging", "four", numbers={"rate": 5_000.0, "lost": 0, "made": 10}),
        Result("picologging", "write", failed="caller blocks at call 128"),
    ]
    row = table([row_of], Figures(results)).splitlines()[-1]
    assert "5,000 (0 of 10); **crashed (SIGSEGV) in 1 of 2**" in row
    assert "**caller blocks at call 128**" in row


def test_bench_compares_with_those_who_lose_nothing() -> None:
    """A library that lost an event is not the one to beat."""
    results = [
        Result("ours", "sustained", numbers={"rate": 300.0, "lost": 0}),
        Result("eliot", "sustained", numbers={"rate": 100.0, "lost": 0}),
        Result("otel", "sustained", numbers={"rate": 900.0, "lost": 1}),
    ]
    (found,) = [v for v in verdicts(Figures(results)) if v.target.startswith("one thread, events")]
    assert ("eliot", 3.0, True) == (found.told, found.ratio, found.is_reached)
