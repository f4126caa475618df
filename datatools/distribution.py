"""How the values of a column are spread: few enough numbers to draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from datatools.kinds import kind_of

BINS = 30
TOP_VALUES = 10
VALUE_LETTERS = 40
_LARGEST = 1e300
"""Beyond it the arithmetic of ranges overflows."""

_PERIODS = (("h", 3), ("D", 90), ("M", 3 * 366), ("Q", 15 * 366), ("Y", float("inf")))
"""The period to count by, while the dates span at most so many days."""


def distribution(column: pd.Series[Any]) -> pd.DataFrame:
    """Count values: numbers and dates by range, anything else by value.

    Returns:
        `start`, `end`, `count` in ascending order for numbers and dates; `value`, `count`,
        most frequent first, at most `TOP_VALUES`, for the rest. Empty when all is missing.
    """
    present = column.dropna()
    kind = kind_of(column)
    if kind == "number":
        return _ranges(present)
    if kind == "date":
        return _periods(present)
    return _top(present)


def finite(column: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the values that can be added up: neither missing nor infinite."""
    numbers: np.ndarray[Any, np.dtype[np.float64]] = column.dropna().to_numpy(dtype="float64")
    kept: np.ndarray[Any, np.dtype[np.float64]] = numbers[np.isfinite(numbers)]
    return kept


def _ranges(present: pd.Series[Any]) -> pd.DataFrame:
    numbers = finite(present)
    if not numbers.size:
        return pd.DataFrame({"start": [], "end": [], "count": []})
    low, high = float(numbers.min()), float(numbers.max())
    largest = max(abs(low), abs(high))
    if largest > _LARGEST or (high - low) / BINS <= np.spacing(largest):
        return pd.DataFrame({"start": [low], "end": [high], "count": [numbers.size]})
    each = pd.api.types.is_integer_dtype(present.dtype) and high - low < BINS
    counts, edges = np.histogram(numbers, np.arange(low - 0.5, high + 1.0) if each else BINS)
    return pd.DataFrame({"start": edges[:-1], "end": edges[1:], "count": counts})


def _periods(present: pd.Series[Any]) -> pd.DataFrame:
    if present.empty:
        return pd.DataFrame({"start": [], "end": [], "count": []})
    times = present.dt.tz_localize(None)
    days = (times.max() - times.min()).days
    period = next(name for name, most in _PERIODS if days <= most)
    counts = times.dt.to_period(period).value_counts().sort_index()
    starts = counts.index.to_timestamp()
    ends = (counts.index + 1).to_timestamp()
    return pd.DataFrame({"start": starts, "end": ends, "count": counts.to_numpy()})


def _top(present: pd.Series[Any]) -> pd.DataFrame:
    counts = present.value_counts().head(TOP_VALUES)
    values = [_short(str(value)) for value in counts.index]
    return pd.DataFrame({"value": values, "count": counts.to_numpy(dtype="int64")})


def _short(text: str) -> str:
    return text if len(text) <= VALUE_LETTERS else text[: VALUE_LETTERS - 1] + "…"
