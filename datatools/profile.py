"""What a table holds, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from datatools.distribution import distribution, finite
from datatools.kinds import Kind, kind_of
from datatools.progress import Progress, silent

EXAMPLES = 3
_EXAMPLE_ROWS = 1000


@dataclass(frozen=True)
class ColumnProfile:
    """One column.

    Args:
        name: As in the table.
        kind: What kind of values it holds.
        rows: How many cells it has.
        missing: How many of them are empty.
        unique: How many different values there are, not counting missing ones.
        examples: The first few different values, as text.
        statistics: `min`, `mean`, `median`, `max`, `std` of the finite numbers of a number
            column; empty for other kinds.
        span: First and last point in time of a date column, else None.
        spread: See `distribution`.
    """

    name: str
    kind: Kind
    rows: int
    missing: int
    unique: int
    examples: tuple[str, ...]
    statistics: dict[str, float]
    span: tuple[pd.Timestamp, pd.Timestamp] | None
    spread: pd.DataFrame

    @property
    def missing_percent(self) -> float:
        """The share of empty cells, from 0 to 100."""
        return 100 * self.missing / self.rows if self.rows else 0.0

    @property
    def telling(self) -> bool:
        """Whether its distribution is worth a look: neither constant nor mostly names."""
        many = self.unique > (self.rows - self.missing) / 5
        return self.unique > 1 and (self.kind in {"number", "date"} or not many)


@dataclass(frozen=True)
class Profile:
    """A whole table.

    Args:
        rows: How many rows it has.
        duplicates: How many of them repeat an earlier row in every cell.
        memory_bytes: What the table takes in memory.
        columns: Each column, in the table's order.
    """

    rows: int
    duplicates: int
    memory_bytes: int
    columns: tuple[ColumnProfile, ...]

    @property
    def missing(self) -> int:
        """How many cells are empty in all."""
        return sum(column.missing for column in self.columns)


def profile(frame: pd.DataFrame, progress: Progress = silent) -> Profile:
    """Look at every column, then for rows that repeat."""
    steps = len(frame.columns) + 1
    columns = []
    for place, name in enumerate(frame.columns):
        progress(place / steps, f"Column {place + 1:,} of {steps - 1:,}")
        columns.append(profile_column(frame[name]))
    progress((steps - 1) / steps, "Looking for duplicate rows")
    duplicates = int(frame.duplicated().sum()) if len(frame.columns) else 0
    memory_bytes = int(frame.memory_usage(deep=True).sum())
    progress(1.0, "Done")
    return Profile(len(frame), duplicates, memory_bytes, tuple(columns))


def profile_column(column: pd.Series[Any]) -> ColumnProfile:
    """Look at one column."""
    kind = kind_of(column)
    missing = int(column.isna().sum())
    head = column.dropna().head(_EXAMPLE_ROWS).drop_duplicates().head(EXAMPLES)
    filled = missing < len(column)
    return ColumnProfile(
        name=str(column.name),
        kind=kind,
        rows=len(column),
        missing=missing,
        unique=int(column.nunique()),
        examples=tuple(str(value) for value in head),
        statistics=_statistics(column) if kind == "number" else {},
        span=(column.min(), column.max()) if kind == "date" and filled else None,
        spread=distribution(column),
    )


def _statistics(column: pd.Series[Any]) -> dict[str, float]:
    numbers = pd.Series(finite(column))
    if numbers.empty:
        return {}
    with np.errstate(all="ignore"):
        return {
            "min": float(numbers.min()),
            "mean": float(numbers.mean()),
            "median": float(numbers.median()),
            "max": float(numbers.max()),
            "std": float(numbers.std()),
        }
