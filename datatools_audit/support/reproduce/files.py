"""Files made from what is on record of the real ones: copied into tests that need them.

The contents of an upload are never recorded. What is made here has the recorded shape: columns,
types, shares of empty cells, rows, encoding, or at least name, type and size.
"""

from __future__ import annotations

import base64
import codecs
import csv
import datetime
import io
import math
import wave
from typing import Any

Columns = tuple[tuple[str, str, float], ...]
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def table_file(
    name: str,
    kind: str,
    *,
    columns: Columns,
    rows: int,
    header: bool = True,
    separator: str = ",",
    newline: str = "\n",
    encoding: str = "utf-8",
    bom: bool = False,
    bad_byte: int | None = None,
    wide_line: tuple[int, int] | None = None,
) -> tuple[str, bytes, str]:
    """Return a table as an uploader takes it: name, contents and type.

    Args:
        name: The file's; its ending says what it is, text where nothing else is known.
        kind: Its MIME type.
        columns: Of each its name, its type and the share of empty cells, 0 to 1.
        rows: How many, without the header.
        header: Whether the first line has the names.
        separator: Between the cells.
        newline: Behind a line.
        encoding: Of the text.
        bom: Whether a mark stands before it.
        bad_byte: Where a byte stands that is no UTF-8, about.
        wide_line: A line, counted from 1, that has another number of cells, and how many.
    """
    ending = name.lower().rpartition(".")[2]
    cells = [[_cell(kind_, share, row) for _, kind_, share in columns] for row in range(rows)]
    names = [column for column, _, _ in columns]
    if ending in ("xlsx", "parquet", "feather"):
        return name, _packed(ending, names, cells), kind
    lines = [names, *([_text(cell) for cell in row] for row in cells)]
    lines = lines if header else lines[1:]
    if wide_line is not None:
        number, width = wide_line
        lines += [list(lines[-1]) for _ in range(number - len(lines))]
        lines[number - 1] = (lines[number - 1] + ["x"] * width)[:width]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator=newline).writerows(lines)
    text = stream.getvalue().encode(encoding, "replace")
    mark = _MARKS.get(encoding, b"") if bom else b""
    return name, _damaged(mark + text, bad_byte), kind


def plain_file(
    name: str, kind: str, size: int, bad_byte: int | None = None
) -> tuple[str, bytes, str]:
    """Return a file of which only name, type and size (bytes) are on record."""
    ending = name.lower().rpartition(".")[2]
    if size == 0:
        return name, b"", kind
    if ending == "wav":
        return name, _silence(), kind
    if ending in ("png", "jpg", "jpeg", "gif"):
        return name, base64.b64decode(_PIXEL), kind
    if ending in ("csv", "tsv", "xlsx", "parquet", "feather"):
        columns = (("column_1", "Int64", 0.0), ("column_2", "String", 0.0))
        rows = max(1, min(size // 11 - 1, 20_000))
        separator = "\t" if ending == "tsv" else ","
        _, data, _ = table_file(name, kind, columns=columns, rows=rows, separator=separator)
        return name, _damaged(data, bad_byte), kind
    if ending == "json":
        return name, b"{}", kind
    line = b"What stood here was not recorded.\n"
    data = (line * (min(size, 1 << 24) // len(line) + 1))[:size]
    return name, _damaged(data, bad_byte), kind


def _cell(kind: str, share: float, row: int) -> Any:
    """Return a cell of that type; of every so many one is empty."""
    if math.floor((row + 1) * share) > math.floor(row * share):
        return None
    if kind.startswith(("Int", "UInt")):
        return row + 1
    if kind.startswith(("Float", "Decimal")):
        return row + 0.5
    if kind == "Boolean":
        return row % 2 == 0
    if kind.startswith("Date"):
        day = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=row % 1000)
        return day.date() if kind == "Date" else day
    if kind in ("Categorical", "Enum"):
        return "ab"[row % 2]
    return f"text {row + 1}"


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _packed(ending: str, names: list[str], cells: list[list[Any]]) -> bytes:
    """Return a table in a form that only pandas writes; the app needs it to read such a one."""
    import pandas as pd

    frame = pd.DataFrame(cells, columns=names)
    stream = io.BytesIO()
    write: Any = {
        "xlsx": lambda: frame.to_excel(stream, index=False),
        "parquet": lambda: frame.to_parquet(stream),
        "feather": lambda: frame.to_feather(stream),
    }[ending]
    write()
    return stream.getvalue()


def _damaged(data: bytes, bad_byte: int | None) -> bytes:
    """Return the data with an é of latin-1 at the first letter or digit from there on.

    Data that is no UTF-8 anyway stays as it is.
    """
    if bad_byte is None or not data or data.decode("utf-8", "replace").encode() != data:
        return data
    data += b"" if bad_byte < len(data) - 2 else data[-2:-1] * (bad_byte - len(data) + 3)
    place = next((at for at in range(bad_byte, len(data)) if data[at : at + 1].isalnum()), -1)
    if place < 0:
        place = next(at for at in reversed(range(len(data))) if data[at : at + 1].isalnum())
    return data[:place] + b"\xe9" + data[place + 1 :]


def _silence() -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(3_200))
    return stream.getvalue()
