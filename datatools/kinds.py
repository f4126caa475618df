"""What a column can be asked."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
from pandas.api import types

Kind = Literal["number", "yes/no", "date", "duration", "text"]


def kind_of(column: pd.Series[Any]) -> Kind:
    """Say what kind of values a column holds."""
    if types.is_bool_dtype(column.dtype):
        return "yes/no"
    if types.is_numeric_dtype(column.dtype):
        return "number"
    if types.is_datetime64_any_dtype(column.dtype):
        return "date"
    if types.is_timedelta64_dtype(column.dtype):
        return "duration"
    return "text"
