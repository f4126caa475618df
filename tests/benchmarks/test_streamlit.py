"""The benchmark of the Streamlit layer tells what it should; its figures are not judged."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("websockets", reason="this Streamlit has another server")

from benchmarks.streamlit.command import verdicts
from benchmarks.streamlit.difference import difference
from benchmarks.streamlit.reruns import Reruns
from benchmarks.streamlit.server import ROOT
from benchmarks.streamlit.visitors import Crowd, account

CROWD = Crowd(waves=1, visitors=2, rounds=1)


def test_difference_is_the_shift() -> None:
    """What is always added is found, and an outlier does not move it."""
    less = [100.0, 90.0, 110.0, 105.0, 95.0, 100.0, 102.0, 98.0]
    more = [each + 2 for each in less]
    more[3] += 500
    found = difference(more, less)
    assert (2.0, 2.0) == (found.percent, found.low)


def test_difference_of_nothing_has_nothing_in_its_interval() -> None:
    """Noise around zero has zero between the ends of its interval."""
    found = difference([10.1, 9.8, 10.3, 9.9, 10.2, 9.7], [10.0] * 6)
    assert found.low < 0 < found.high


def records() -> list[dict[str, Any]]:
    """Return what two visitors should leave in the log."""
    found = []
    for name in ("w0v0", "w0v1"):
        own = {"session": name.upper()}
        found += [
            {"category": "visitor", "message": name, **own},
            {"category": "widget", "message": "Clicked", "key": f"{name}-0", **own},
            {"category": "pressed", "message": f"{name}-0", **own},
            {"category": "widget", "message": "Changed", "key": f"{name}-text", **own},
            {"category": "session", "message": "Session ended", **own},
        ]
    return found


def counts(found: list[dict[str, Any]]) -> tuple[int, int, int]:
    told = account(CROWD, found)
    return told.wrong, told.missing, told.more


def test_account_of_a_log_in_order() -> None:
    """A log in order has nothing wrong."""
    assert (0, 0, 0) == counts(records())


def test_account_finds_the_wrong_session() -> None:
    """A record that was put down to somebody else is found."""
    found = records()
    found[1]["session"] = "W0V1"
    assert (1, 0, 0) == counts(found)


def test_account_finds_who_took_the_session_of_another() -> None:
    """Where two have the same session, one of them has a wrong one."""
    found = [{**record, "session": "W0V0"} for record in records()]
    assert (4, 0, 0) == counts(found)


def test_account_finds_what_is_missing_or_double() -> None:
    """A record that is not there is missing, one that is there twice is one too many."""
    found = records()
    found[3] = found[2]
    assert (0, 1, 1) == counts(found)


def test_verdicts_compare_with_plain_and_with_the_field() -> None:
    """Ours is judged by a percent, and by what the others add; who is missing has no verdict."""
    plain = [100.0 + n % 3 for n in range(20)]
    added = {"plain": 0.0, "again": 0.1, "ours": 0.5, "analytics": 5.0}
    found = {name: Reruns([ms + more for ms in plain], plain) for name, more in added.items()}
    told = [str(verdict) for verdict in verdicts("AppTest", found)]
    assert ["reached", "reached", "no"] == [line.split()[0] for line in told]
    assert told[1].endswith(" 0.10")


def test_parts_have_a_row_for_each_set_of_hooks() -> None:
    """In a process of its own, since it takes hooks in and out."""
    command = [sys.executable, "-m", "benchmarks.streamlit.parts", "--rounds", "2"]
    told = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    rows = told.stdout.splitlines()
    assert 6 == len(rows)
    assert all(row.count(" ms") == 2 for row in rows)
