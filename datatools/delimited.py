"""Tables in text files: CSV and its kin."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import BinaryIO

import pandas as pd
import pyarrow as pa

from datatools.errors import UnreadableError
from datatools.inference import infer
from datatools.progress import Progress, part
from datatools.ragged import squared, widest
from datatools.textfile import Layout, explained, layout_of

CHUNK_ROWS = 50_000
"""Rows read at once, of ten columns; fewer when there are more columns."""

Columns = dict[str, list[pa.Array]]


def read_delimited(
    source: BinaryIO, progress: Progress, *, separator: str | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read the table, and say what had to be decided.

    Rows shorter than the header are filled with missing values; the cells that a row has
    beyond the header are kept in columns of their own, named `Extra 1` and so on.

    Raises:
        UnreadableError: No rows, or no table that can be made out.
    """
    progress(0.0, "Looking at the file")
    layout = layout_of(source, separator)
    reading = part(progress, 0.0, 0.6)
    try:
        ragged = layout.width > len(layout.header)
        columns = {} if ragged else _read(source, layout, reading)
    except pd.errors.ParserError as error:
        ragged = "Expected" in str(error)
        if not ragged:
            raise UnreadableError(explained(error)) from error
    if ragged:
        layout = replace(layout, width=widest(source, layout))
        square = replace(layout, encoding="utf-8", separator=",")
        columns = _read(squared(source, layout), square, reading)
    if not any(map(len, next(iter(columns.values())))):
        message = "The file has column names but no rows below them: choose a file with data."
        raise UnreadableError(message)
    frame = _typed(columns, layout, part(progress, 0.6, 1.0))
    return frame, _notes(layout, frame)


def _read(source: BinaryIO, layout: Layout, progress: Progress) -> Columns:
    total = source.seek(0, io.SEEK_END) or 1
    source.seek(0)
    columns: Columns = {name: [] for name in layout.names}
    with pd.read_csv(
        source,
        sep=layout.separator,
        encoding=layout.encoding,
        header=0,
        names=layout.names,
        index_col=False,
        dtype=str,
        chunksize=max(CHUNK_ROWS * 10 // max(layout.width, 10), 100),
    ) as reader:
        for chunk in reader:
            for name, pieces in columns.items():
                pieces.append(pa.array(chunk[name], pa.large_string()))
            progress(source.tell() / total, "Reading rows")
    return columns


def _typed(columns: Columns, layout: Layout, progress: Progress) -> pd.DataFrame:
    comma = layout.separator == ";"
    typed = {}
    for place, name in enumerate(list(columns)):
        progress(place / layout.width, "Finding out what the columns hold")
        text = pa.chunked_array(columns.pop(name), pa.large_string())
        if place < len(layout.header) or text.null_count < len(text):
            typed[name] = infer(text, decimal_comma=comma)
    progress(1.0, "Done")
    return pd.DataFrame(typed)


def _notes(layout: Layout, frame: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    if layout.encoding in {"cp1252", "latin-1"}:
        notes.append("The file is not UTF-8; it was read as Western European text.")
    if extra := len(frame.columns) - len(layout.header):
        word = "column" if extra == 1 else "columns"
        notes.append(f"Some rows have more cells than the header; {extra} {word} added for them.")
    if list(layout.header) != layout.names[: len(layout.header)]:
        notes.append("Some column names were empty, untidy or doubled; they were made unique.")
    return tuple(notes)
