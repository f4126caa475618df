"""The shape of whatever data frame an app has; imports what reads them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from datatools_audit.record.text import type_name

if TYPE_CHECKING:
    from collections.abc import Sequence


def shape_of(data: Any, most_columns: int) -> tuple[dict[str, object], Sequence[object]] | None:
    """Return what there is to say of a data frame but its columns' names, and these.

    Args:
        data: Anything; None is returned of what narwhals does not know as a frame.
        most_columns: Of how many columns the types and the nulls are told.
    """
    names, numbered = _numbered(data)
    frame = nw.from_native(numbered, eager_only=True, pass_through=True)
    if not isinstance(frame, nw.DataFrame):
        return None
    rows, columns = frame.shape
    told = [frame[:, number] for number in range(min(columns, most_columns))]
    shape: dict[str, object] = {
        "rows": rows,
        "columns": columns,
        "dtypes": [_dtype(column.dtype) for column in told],
        "null_shares": [
            round(int(column.null_count()) / rows, 4) if rows else 0.0 for column in told
        ],
    }
    return shape, frame.columns if names is None else names


def _numbered(data: Any) -> tuple[list[object] | None, Any]:
    """Return the names and the frame with others, where names may be double: narwhals objects."""
    if nw.dependencies.is_pandas_like_dataframe(data):
        return list(data.columns), data.set_axis(range(len(data.columns)), axis=1)
    if nw.dependencies.is_pyarrow_table(data):
        names = data.column_names
        return names, data.rename_columns([str(number) for number in range(len(names))])
    return None, data


def _dtype(dtype: Any) -> str:
    """Return a type's name without what it lists: an enumeration's values, a structure's names."""
    name = type_name(dtype)
    if isinstance(dtype, nw.List | nw.Array):
        return f"{name}({_dtype(dtype.inner)})"
    if isinstance(dtype, nw.Struct):
        return f"{name}({', '.join(_dtype(field.dtype) for field in dtype.fields)})"
    if isinstance(dtype, nw.Datetime):
        return f"{name}({dtype.time_unit}{f', {dtype.time_zone}' if dtype.time_zone else ''})"
    return name
