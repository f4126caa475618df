"""What a column of text really is: numbers, yes/no, points in time, or text.

Decided over the whole column, never over a sample: a type is taken only when every value
fits and none loses a digit. `00123` and numbers of 19 digits stay text, being codes.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from datatools.columns import from_arrow

_CODE = r"^[+-]?(0[0-9]|[0-9]{19})"
_DECIMAL_COMMA = r"^[+-]?[0-9]+(,[0-9]+)?$"
_TRUE_OR_FALSE = r"^(?i:true|false)$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"


def infer(text: pa.ChunkedArray, *, decimal_comma: bool = False) -> pd.Series[Any]:
    """Turn text into the narrowest type that holds every value.

    Args:
        text: The column as read, missing values as nulls.
        decimal_comma: Whether `1,5` means one and a half.
    """
    if text.null_count == len(text):
        return from_arrow(text)
    trimmed = pc.utf8_trim_whitespace(text)
    if decimal_comma and _all_match(trimmed, _DECIMAL_COMMA):
        trimmed = pc.replace_substring(trimmed, pattern=",", replacement=".", max_replacements=1)
    for found in (_numbers(trimmed), _truths(trimmed), _times(trimmed)):
        if found is not None:
            return from_arrow(found)
    return from_arrow(text)


def _all_match(text: pa.ChunkedArray, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(text, pattern=pattern)).as_py())


def _cast(text: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray | None:
    try:
        return text.cast(kind)
    except pa.ArrowInvalid:
        return None


def _numbers(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    whole = _cast(text, pa.int64())
    found = _cast(text, pa.float64()) if whole is None else whole
    if found is None or pc.any(pc.match_substring_regex(text, pattern=_CODE)).as_py():
        return None
    return found


def _truths(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    return _cast(text, pa.bool_()) if _all_match(text, _TRUE_OR_FALSE) else None


def _times(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    if not _all_match(text, _DATE):
        return None
    local = _cast(text, pa.timestamp("us"))
    return _cast(text, pa.timestamp("us", tz="UTC")) if local is None else local
