"""Logs that a browser has brought about, kept in this folder: each becomes the test it should.

`python -m tests.reproduce --renew` records them anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import ROOT
from tests.faults.helpers import FULL
from tests.reproduce import chain
from tests.reproduce.bugs import BEYOND, BUGS, Bug

if TYPE_CHECKING:
    from pathlib import Path

MISSED = {
    "all": {"query_params", "edited_cell", "late_download"},
    "choices": {"negative", "order_number"},
    "shape": {"cached", "negative", "order_number"},
}
"""What is not reproduced, and why is in docs/reproduce.md; under each policy also what is not
under ``all``."""
TRIED = BUGS + BEYOND
POLICIES = ("all", "choices", "shape") if FULL else ("all", "shape")


def missed(policy: str) -> set[str]:
    return MISSED["all"] | MISSED[policy]


@pytest.mark.parametrize("policy", POLICIES)
def test_reproduce_fails_in_the_same_way(policy: str, tmp_path: Path) -> None:
    """The generated file, unedited: the same exception in the same function, or a known miss."""
    chain.write(TRIED, chain.LOGS / policy, tmp_path)
    found = chain.run(tmp_path)
    assert {bug.name for bug in TRIED} == set(found)
    others = {bug.name: found[bug.name] for bug in TRIED if not chain.is_same(bug, found[bug.name])}
    assert missed(policy) == set(others), others


def test_reproduce_passes_once_the_bug_is_mended(tmp_path: Path) -> None:
    """The same session with the mended app has no error, and the test runs to its end."""
    apps = chain.mended(tmp_path, BUGS)
    chain.write(BUGS, chain.LOGS / "all", tmp_path / "tests", apps)
    found = chain.run(tmp_path / "tests")
    assert {bug.name: "passed" for bug in BUGS} == {name: found[name][0] for name in found}, found


def share(policy: str, tried: list[Bug]) -> float:
    return sum(bug.name not in missed(policy) for bug in tried) / len(tried)


def test_reproduce_keeps_its_targets() -> None:
    """All under ``all``; four fifths under ``choices``; three fifths of what ``shape`` tells."""
    free = [bug for bug in BUGS if not bug.hangs_under("shape")]
    assert 1.0 == share("all", BUGS)
    assert 0.8 <= share("choices", BUGS)
    assert 0.6 <= share("shape", free)
    assert 20 <= len(BUGS)


def test_reproduce_has_each_miss_in_the_docs() -> None:
    """Nobody should have to find out."""
    text = (ROOT / "docs" / "reproduce.md").read_text("utf-8")
    names = set().union(*MISSED.values())
    assert set() == {name for name in names if f"`{name}`" not in text}
