"""Values of any kind as columns of a few well-behaved types.

A column is a number (`int64`, `Int64` when some are missing, `float64`), a yes/no (`bool`,
`boolean`), a point in time, or text. Whatever has another type becomes text, so that every
column can be counted, compared, shown and written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

_NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def unique_names(names: Iterable[object]) -> list[str]:
    """Make names that are text, not empty and different from each other."""
    taken: set[str] = set()
    result = []
    for place, name in enumerate(names, start=1):
        wanted = "" if name is None else " ".join(str(name).split())
        wanted = wanted or f"Column {place}"
        free, again = wanted, 1
        while free in taken:
            again += 1
            free = f"{wanted} ({again})"
        taken.add(free)
        result.append(free)
    return result


def cell_text(value: object) -> str | None:
    """Say one value as text; what is nested becomes JSON, what is missing stays missing."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)


def from_values(values: Sequence[object]) -> pa.Array:
    """Find the one type that holds all values, or make them text."""
    if not any(isinstance(value, dict | list) for value in values):
        try:
            return pa.array(values, from_pandas=True)
        except (pa.ArrowException, OverflowError, ValueError, TypeError):
            pass
    return pa.array([cell_text(value) for value in values], type=pa.string())


def join(tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables below each other; a column of clashing types becomes text."""
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:
        clashing = _clashing(tables)
        return pa.concat_tables(
            [_as_text(table, clashing) for table in tables], promote_options="permissive"
        )


def _clashing(tables: Sequence[pa.Table]) -> set[str]:
    types: dict[str, set[pa.DataType]] = {}
    for table in tables:
        for column in table.schema:
            if not pa.types.is_null(column.type):
                types.setdefault(column.name, set()).add(column.type)
    return {name for name, kinds in types.items() if len(kinds) > 1}


def _as_text(table: pa.Table, names: set[str]) -> pa.Table:
    for place, name in enumerate(table.column_names):
        if name in names:
            texts = [cell_text(value) for value in table.column(place).to_pylist()]
            table = table.set_column(place, name, pa.array(texts, type=pa.string()))
    return table


def from_arrow(column: pa.ChunkedArray) -> pd.Series[Any]:
    """Make the pandas column, of one of the types named above."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return from_arrow(column.cast(kind.value_type))
    target = _target(kind)
    if target is None:
        texts = [cell_text(value) for value in column.to_pylist()]
        return pd.Series(texts, dtype="str")
    column = column if target == kind else column.cast(target, safe=False)
    mapper = _NULLABLE.get if column.null_count else None
    series: pd.Series[Any] = column.to_pandas(types_mapper=mapper)
    return series.astype("str") if pa.types.is_large_string(target) else series


def _target(kind: pa.DataType) -> pa.DataType | None:
    """Name the type to cast to, or None for what can only be shown as text."""
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return pa.large_string()
    if pa.types.is_integer(kind):
        return kind if kind == pa.uint64() else pa.int64()
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_date(kind):
        return pa.timestamp("ms")
    if pa.types.is_boolean(kind) or pa.types.is_timestamp(kind):
        return kind
    return None
