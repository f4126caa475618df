"""Tables in Excel workbooks."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import openpyxl
import pandas as pd
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from datatools.columns import from_arrow, from_values, unique_names
from datatools.errors import UnreadableError
from datatools.progress import Progress

REPORT_ROWS = 500


def sheet_names(source: BinaryIO) -> list[str]:
    """Name the sheets that hold cells, in the workbook's order.

    Raises:
        UnreadableError: This is no workbook.
    """
    with _opened(source) as book:
        return [sheet.title for sheet in book.worksheets]


def read_sheet(source: BinaryIO, sheet: str | None, progress: Progress) -> pd.DataFrame:
    """Read one sheet, the first when none is named; its first filled row is the header.

    Raises:
        UnreadableError: This is no workbook, or the sheet has no rows.
    """
    with _opened(source) as book:
        page = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
        total = page.max_row or 1
        rows: list[tuple[object, ...]] = []
        for number, row in enumerate(page.iter_rows(values_only=True), start=1):
            if number % REPORT_ROWS == 0:
                progress(min(number / total, 1.0), "Reading rows")
            if any(cell is not None for cell in row):
                rows.append(row)
    if len(rows) < 2:
        raise UnreadableError(
            "This sheet has no rows of data: choose another sheet, or a workbook with data."
        )
    return _frame(rows)


def _frame(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    width = max(map(len, rows))
    padded = [row + (None,) * (width - len(row)) for row in rows]
    columns = list(zip(*padded, strict=True))
    filled = [column for column in columns if any(cell is not None for cell in column)]
    names = unique_names(column[0] for column in filled)
    return pd.DataFrame(
        {
            name: from_arrow(pa.chunked_array([from_values(column[1:])]))
            for name, column in zip(names, filled, strict=True)
        }
    )


@contextmanager
def _opened(source: BinaryIO) -> Iterator[Workbook]:
    source.seek(0)
    try:
        with warnings.catch_warnings():
            # What openpyxl cannot keep (validation, styles) is nothing we read.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(source, read_only=True, data_only=True)
            if not book.worksheets:
                raise UnreadableError("This workbook has only charts: choose one with a table.")
            yield book
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        message = (
            "This is no Excel workbook that can be opened: it may be damaged or protected by "
            "a password. Open it in Excel, save it as .xlsx without a password, upload that."
        )
        # Only the frames are kept: openpyxl's text may hold a cell's value.
        raise UnreadableError(message).with_traceback(error.__traceback__) from None
