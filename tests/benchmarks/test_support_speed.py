"""The benchmark of the support side works, whatever its figures are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks import support_speed

if TYPE_CHECKING:
    import pytest


def test_support_speed_prints_all(capsys: pytest.CaptureFixture[str]) -> None:
    """Each question has a figure of ours, and of the others one or why there is none."""
    support_speed.main(["--quick"])
    printed = capsys.readouterr().out
    for question in (*support_speed.QUESTIONS, "summary"):
        assert f"| {question} | ours | " in printed
    for other in ("jq", "lnav", "pandas"):
        assert f"| summary | {other} | " in printed
    assert "to bare DuckDB, ≤ 2: " in printed


def test_support_speed_as_json_is_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every figure; what is missing says why."""
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(support_speed, "MOST_FOR_PANDAS", 0)
    support_speed.main(["--quick", "--json"])
    figures = json.loads(capsys.readouterr().out)
    left_out = {each["contestant"] for each in figures if each["seconds"] is None}
    assert {"jq", "lnav", "pandas"} == left_out
