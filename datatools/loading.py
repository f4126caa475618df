"""A file, whatever its kind, as a data set."""

from __future__ import annotations

import io
from pathlib import Path, PurePath
from typing import BinaryIO

import pandas as pd

from datatools import workbook
from datatools.dataset import DataSet
from datatools.delimited import read_delimited
from datatools.errors import UnreadableError
from datatools.jsonlines import read_json_lines
from datatools.parquet import read_parquet
from datatools.progress import Progress, silent

KINDS = {
    "csv": "text",
    "tsv": "text",
    "txt": "text",
    "xlsx": "workbook",
    "parquet": "parquet",
    "jsonl": "json",
    "ndjson": "json",
}
"""What the name's ending says."""

SAMPLE = Path(__file__).parent / "sample" / "penguins.csv"

_SIGNATURES = {
    b"PK\x03\x04": "workbook",
    b"PAR1": "parquet",
    b"\xd0\xcf\x11\xe0": "old workbook",
    b"\x1f\x8b": "compressed",
    b"%PDF": "document",
}

_REFUSED = {
    "old workbook": "This is an old or protected Excel file: save it as .xlsx, without a "
    "password, and upload that.",
    "compressed": "This file is compressed: unpack it first, then upload what was inside.",
    "document": "This is a PDF document, not a table: upload the data it was made from.",
}


def kind_of(name: str, source: BinaryIO) -> str:
    """Say what the file is: its first bytes decide, then the ending of its name.

    Raises:
        UnreadableError: It is nothing that can become a table.
    """
    source.seek(0)
    head = source.read(4)
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            if kind in _REFUSED:
                raise UnreadableError(_REFUSED[kind])
            return kind
    if not head:
        raise UnreadableError("The file is empty: choose one with a row of column names and data.")
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending not in KINDS:
        known = ", ".join(f".{ending}" for ending in KINDS)
        raise UnreadableError(f"This kind of file cannot be read: choose one of {known}.")
    return KINDS[ending]


def sheets(name: str, source: BinaryIO) -> list[str]:
    """Name the sheets to choose from; none when the file is no workbook.

    Raises:
        UnreadableError: As `load`.
    """
    return workbook.sheet_names(source) if kind_of(name, source) == "workbook" else []


def load(
    name: str, source: BinaryIO, *, sheet: str | None = None, progress: Progress = silent
) -> DataSet:
    """Read a file into a data set.

    Args:
        name: The file's name; its ending tells text files apart.
        source: The file, seekable; left open.
        sheet: The sheet of a workbook, the first when not given.
        progress: Told how far the reading is.

    Raises:
        UnreadableError: The file cannot become a table; the text says why and what to do.
    """
    try:
        return _loaded(name, source, sheet, progress)
    except UnreadableError:
        raise
    except Exception as error:
        message = (
            "This file cannot be read: it is damaged, or not what its name says "
            f"({type(error).__name__}). Export it again and upload that."
        )
        # Only the frames are kept: the text may hold a cell's value.
        raise UnreadableError(message).with_traceback(error.__traceback__) from None


def _loaded(name: str, source: BinaryIO, sheet: str | None, progress: Progress) -> DataSet:
    kind = kind_of(name, source)
    size_bytes = source.seek(0, io.SEEK_END)
    notes: tuple[str, ...] = ()
    frame: pd.DataFrame
    if kind == "workbook":
        frame = workbook.read_sheet(source, sheet, progress)
    elif kind == "parquet":
        frame = read_parquet(source, progress)
    elif kind == "json":
        frame = read_json_lines(source, progress)
    else:
        separator = "\t" if name.lower().endswith(".tsv") else None
        frame, notes = read_delimited(source, progress, separator=separator)
    return DataSet(name, frame, size_bytes, notes)


def load_sample(progress: Progress = silent) -> DataSet:
    """Read the penguins that come with the app; see the README beside them."""
    with SAMPLE.open("rb") as source:
        return load(SAMPLE.name, source, progress=progress)
