"""The benchmark of the forms for a fleet works, whatever its figures are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import scale

if TYPE_CHECKING:
    import pytest


DOCUMENT = Path(__file__).parents[2] / "docs" / "scale.md"


def _without_figures(text: str) -> str:
    return re.sub(r"[\d.,]+", "0", text)


def test_scale_prints_each_form_and_each_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """Five forms are weighed, three are asked; the document has what is printed."""
    scale.main(["--quick"])
    printed = capsys.readouterr().out
    told = DOCUMENT.read_text().partition("<!-- scale -->\n")[2].partition("<!-- /scale -->")[0]
    assert [_without_figures(text) for text in told.splitlines()] == [
        _without_figures(text) for text in printed.splitlines()
    ]
    for form in ("JSON lines", "packed by day, `.gz`", "Parquet", "ClickHouse, of the Parquet"):
        assert f"| {form} | " in printed
    for asked in ("JSON lines, `datatools-audit sql`", "Parquet, DuckDB", "ClickHouse"):
        assert f"| {asked} | " in printed
