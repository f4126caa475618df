"""The benchmark of a big log works, whatever its figures are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import big_log

if TYPE_CHECKING:
    import pytest


def test_big_log_prints_both(capsys: pytest.CaptureFixture[str]) -> None:
    """A small day is measured by both, each question has a figure."""
    big_log.main(["--quick"])
    printed = capsys.readouterr().out
    for said in (*big_log.CONTESTANTS, "first view", "a text", "1,000 more, seen", "memory, MB"):
        assert said in printed
