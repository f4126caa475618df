"""Tables with one JSON object per line."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from typing import BinaryIO

import pandas as pd
import pyarrow as pa

from datatools.columns import from_arrow, from_values, join, unique_names
from datatools.errors import UnreadableError
from datatools.progress import Progress
from datatools.textfile import sniff_encoding

CHUNK_LINES = 20_000


def read_json_lines(source: BinaryIO, progress: Progress) -> pd.DataFrame:
    """Read the table; a key that an object lacks is a missing value.

    Raises:
        UnreadableError: A line is no JSON object, or there is none.
    """
    encoding = sniff_encoding(source)
    total = source.seek(0, io.SEEK_END) or 1
    source.seek(0)
    text = io.TextIOWrapper(source, encoding)
    tables = []
    try:
        objects = _objects(text)
        while chunk := list(itertools.islice(objects, CHUNK_LINES)):
            tables.append(_table(chunk))
            progress(source.tell() / total, "Reading lines")
    finally:
        text.detach()
    if not tables:
        raise UnreadableError("The file is empty: choose one with a JSON object on each line.")
    table = join(tables)
    names = unique_names(table.column_names)
    return pd.DataFrame(
        {name: from_arrow(column) for name, column in zip(names, table.columns, strict=True)}
    )


def _objects(text: io.TextIOWrapper) -> Iterator[dict[str, object]]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            message = (
                f"Line {number:,} is not a JSON object: "
                "save the data as JSON Lines, one object on each line."
            )
            raise UnreadableError(message)
        yield value


def _table(rows: list[dict[str, object]]) -> pa.Table:
    names = list(dict.fromkeys(itertools.chain.from_iterable(rows)))
    return pa.table({name: from_values([row.get(name) for row in rows]) for name in names})
