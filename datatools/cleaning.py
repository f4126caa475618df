"""Steps that make a table cleaner: each takes a table and returns another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from datatools.errors import StepError
from datatools.kinds import kind_of


def count_duplicates(frame: pd.DataFrame) -> int:
    """Count the rows that repeat an earlier one in every cell."""
    return int(frame.duplicated().sum()) if len(frame.columns) else 0


def drop_duplicates(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the first of rows that are equal in every cell."""
    return frame.drop_duplicates(ignore_index=True)


def count_untrimmed(frame: pd.DataFrame) -> int:
    """Count the cells that `trim_whitespace` would change."""
    return sum(_changes(frame[name], _trimmed(frame[name])) for name in _texts(frame))


def trim_whitespace(frame: pd.DataFrame) -> pd.DataFrame:
    """Cut spaces, tabs and line ends from both ends of every text.

    A cell of nothing but whitespace becomes missing.
    """
    return frame.assign(**{name: _trimmed(frame[name]) for name in _texts(frame)})


def count_missing(frame: pd.DataFrame) -> dict[str, int]:
    """Count the empty cells of each column that has any."""
    counts = frame.isna().sum()
    return {str(name): int(found) for name, found in counts.items() if found}


def leading_missing(column: pd.Series[Any]) -> int:
    """Count the empty cells at the top: those that have no previous value to take."""
    filled = column.notna().to_numpy()
    return int(filled.argmax()) if filled.any() else len(column)


def rename_column(frame: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """Give one column another name.

    Raises:
        StepError: The new name is empty or taken.
    """
    wanted = " ".join(new.split())
    if not wanted:
        raise StepError("A column needs a name: type one.")
    if wanted != old and wanted in frame.columns:
        raise StepError("Another column has this name already: choose a different one.")
    return frame.rename(columns={old: wanted})


def drop_columns(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Leave columns out.

    Raises:
        StepError: None is named, or none would remain.
    """
    if not names:
        raise StepError("Choose the columns to drop first.")
    if len(names) >= len(frame.columns):
        raise StepError("At least one column has to stay: choose fewer.")
    return frame.drop(columns=list(names))


def _texts(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if kind_of(frame[name]) == "text"]


def _changes(before: pd.Series[Any], after: pd.Series[Any]) -> int:
    return int((before.notna() & ~before.eq(after)).sum())


def _trimmed(column: pd.Series[Any]) -> pd.Series[Any]:
    trimmed = column.str.strip()
    return trimmed.mask(trimmed == "")
