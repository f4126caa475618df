"""The benchmark of the forms for a fleet works, whatever its figures are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import scale

if TYPE_CHECKING:
    import pytest


def test_scale_prints_each_form_and_each_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """Five forms are weighed, three are asked."""
    scale.main(["--quick"])
    printed = capsys.readouterr().out
    for form in ("JSON lines", "packed by day, `.gz`", "Parquet", "ClickHouse, of the Parquet"):
        assert f"| {form} | " in printed
    for asked in ("JSON lines, `datatools-audit sql`", "Parquet, DuckDB", "ClickHouse"):
        assert f"| {asked} | " in printed
