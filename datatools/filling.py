"""What to put where a value is missing."""

from __future__ import annotations

import math
from typing import Any, Literal, get_args

import pandas as pd

from datatools.errors import StepError
from datatools.kinds import kind_of

_WHOLE_LIMIT = 2**63

Method = Literal["value", "mean", "median", "most frequent", "previous"]


def methods_for(column: pd.Series[Any]) -> list[Method]:
    """Name the methods that make sense for this kind of column."""
    if kind_of(column) == "number":
        return list(get_args(Method))
    return ["value", "most frequent", "previous"]


def fill_missing(frame: pd.DataFrame, name: str, method: Method, value: str = "") -> pd.DataFrame:
    """Fill the empty cells of one column.

    Args:
        frame: The table, left as it is.
        name: The column.
        method: `previous` leaves cells empty that have nothing above them.
        value: What to fill in, as typed; used by the method `value` only.

    Raises:
        StepError: The value does not fit the column, or there is none to take.
    """
    column = frame[name]
    if method == "previous":
        return frame.assign(**{name: column.ffill()})
    filler = _typed(column, value) if method == "value" else _computed(column, method)
    if pd.api.types.is_integer_dtype(column.dtype):
        if float(filler).is_integer() and abs(filler) < _WHOLE_LIMIT:
            filler = int(filler)
        else:
            column = column.astype("float64")
    return frame.assign(**{name: column.fillna(filler)})


def _computed(column: pd.Series[Any], method: Method) -> Any:
    present = column.dropna()
    if present.empty:
        raise StepError("This column has no values to take one from: fill in a value instead.")
    if method == "most frequent":
        return present.mode().iloc[0]
    return float(present.mean() if method == "mean" else present.median())


def _typed(column: pd.Series[Any], value: str) -> Any:
    if not value.strip():
        raise StepError("Type the value to fill in first.")
    kind = kind_of(column)
    try:
        if kind == "number":
            return _finite(value)
        if kind == "date":
            return pd.Timestamp(value).tz_localize(column.dt.tz)
        if kind == "duration":
            return pd.Timedelta(value)
    except (ValueError, TypeError):
        raise StepError(f"This column holds {kind}s, and what you typed is none.") from None
    if kind == "yes/no":
        return _truth(value)
    return value


def _finite(value: str) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _truth(value: str) -> bool:
    word = value.strip().lower()
    if word not in {"true", "yes", "false", "no"}:
        raise StepError("This column holds yes or no: type one of the two.")
    return word in {"true", "yes"}
