"""What a table or a file looks like, without one value of it: for a record of the app's own."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from datatools_audit.guard import guard
from datatools_audit.record.text import type_name
from streamlit_ext.policy import policy

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_COLUMNS = 200
_EXAMINED = 64 * 2**20  # bytes; more would take long
_HEAD = 64 * 1024  # bytes in which the columns are looked for
_ROWS = 50
_SEPARATORS = ",;\t|"
_MARKS = (  # UTF-32 before UTF-16, which begins alike
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FORMATS = (
    (b"PK\x03\x04", "zip"),  # .xlsx too
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "ole"),  # .xls
    (b"ARROW1", "arrow"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"%PDF", "pdf"),
)
_LETTERLESS = frozenset("0123456789 .,:/+-%'()€$£")  # of numbers, dates, times, prices
_NO_NAMES = frozenset({"-", "?", "n/a", "na", "nan", "none", "null", "missing", "unknown"})
_LONGEST_NAME = 100


def fingerprint(data: object) -> dict[str, object]:
    """Describe a data frame, or a file's bytes, for support: ``log_event(…, **fingerprint(df))``.

    Never a value. The names of a frame's columns only where the policy says ``choices`` or
    ``all``; of a file only under ``all``, since which line has the names is a guess, and a
    wrong one would tell a row. Never raises: of what it does not understand it tells the type.

    Args:
        data: A data frame that narwhals knows (pandas, polars, pyarrow, modin, …); bytes; or
            an open binary file such as an upload, which is left at the position it had.

    Returns:
        Of a frame ``rows``, ``columns``, and for the first 200 columns ``dtypes``,
        ``null_shares`` (0 to 1) and perhaps ``names``.
        Of a file ``bytes``, ``format`` (``text``, ``zip``, …, ``empty``) and for a text
        ``bom``, ``encoding``, ``bad_byte`` (position of the first that is not in it, of
        ``latin-1`` the first that is no UTF-8), ``newline`` (the most frequent one), ``lines``,
        ``separator``, ``fields`` (fewest and most in a line), ``header`` (whether the first
        line looks like one; None where nothing tells) and perhaps ``names``. Of a file over
        64 MiB the beginning is looked at and ``examined`` tells how much.

    Threads: any, while nobody else reads the file.
    """
    found = None
    with guard("fingerprint"):
        found = _found(data)
    return {"type": type_name(data)} if found is None else found


def _found(data: Any) -> dict[str, object] | None:
    """Return what there is to say; None of what is neither a frame nor a file."""
    if isinstance(data, bytes | bytearray | memoryview):
        data = data.cast("B") if isinstance(data, memoryview) else data
        return _of_file(bytes(data[:_EXAMINED]), len(data))
    # Not before it is needed: Streamlit collects garbage after each run, over all that is loaded.
    from streamlit_ext.frames import shape_of

    found = shape_of(data, MOST_COLUMNS)
    if found is not None:  # before the file: a column may be called `read`
        shape, names = found
        return shape | _names("choices", names)
    if hasattr(data, "read") and hasattr(data, "seek"):
        return _of_open_file(data)
    return None


def _of_open_file(file: Any) -> dict[str, object] | None:
    position = file.tell()
    try:
        file.seek(0, io.SEEK_END)
        size = int(file.tell())
        file.seek(0)
        head = file.read(_EXAMINED)
    finally:
        file.seek(position)
    return _of_file(bytes(head), size) if isinstance(head, bytes) else None


def _of_file(data: bytes, size: int) -> dict[str, object]:
    found: dict[str, object] = {"bytes": size}
    if len(data) < size:
        found["examined"] = len(data)
    if not data:
        return found | {"format": "empty"}
    for magic, name in _FORMATS:
        if data.startswith(magic):
            return found | {"format": name}
    mark, bom = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", None))
    encoding, bad_byte = _encoding(data, mark, bom, is_whole=len(data) >= size)
    if encoding is None:
        return found | {"format": "binary"}
    head = data[len(mark) : _HEAD].decode(encoding, errors="replace")
    newline = _newline(head)
    if len(data) > _HEAD:  # whole lines
        head = head[: head.rfind(newline or "\n") + 1]
    end = (newline or "\n").encode(encoding)
    body = len(data) - len(mark)
    return found | {
        "format": "text",
        "bom": bom,
        "encoding": encoding,
        "bad_byte": bad_byte,
        "newline": newline,
        "lines": data.count(end) + (body > 0 and not data.endswith(end)),
        **_columns(head),
    }


def _newline(head: str) -> str | None:
    """Return what most lines end with; a cell in quotes may hold another."""
    both = head.count("\r\n")
    counts = {"\r\n": both, "\n": head.count("\n") - both, "\r": head.count("\r") - both}
    most = max(counts, key=lambda each: counts[each])
    return most if counts[most] else None


def _encoding(
    data: bytes, mark: bytes, bom: str | None, *, is_whole: bool
) -> tuple[str | None, int | None]:
    """Return how a text is encoded, and where it is not; None for what is no text."""
    encoding = bom or ("utf-8" if b"\0" not in data[:_HEAD] else _without_mark(data[:_HEAD]))
    if encoding is None:
        return None, None
    decoder = codecs.getincrementaldecoder(encoding)()
    step = 2**20
    for start in range(len(mark), len(data), step):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + step], final=is_whole and start + step >= len(data))
        except UnicodeDecodeError as error:
            position = start - pending + error.start
            is_damaged = encoding != "utf-8" or not data[:position].isascii()
            return encoding if is_damaged else "latin-1", position
    return encoding, None


def _without_mark(head: bytes) -> str | None:
    """Return the UTF-16 of a text without its mark: of two bytes one is 0 mostly, one seldom."""
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[first::2], head[1 - first :: 2]
        if zeros.count(0) > 0.7 * len(zeros) and others.count(0) < 0.3 * len(others):
            return encoding
    return None


def _columns(head: str) -> dict[str, object]:
    """Return separator, fields and header of a text that looks like a table."""
    best: tuple[tuple[float, float, int], str, list[list[str]]] | None = None
    for separator in _SEPARATORS:
        rows = _rows(head, separator)
        wide = Counter(len(row) for row in rows if len(row) > 1)
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda each: (each[1], each[0]))
        # Numbers tell `1,5;2,5` from a table of 1, 5;2 and 5.
        score = count / len(rows), _share_of_values(rows), width
        if best is None or score > best[0]:
            best = score, separator, rows
    if best is None:
        return {"separator": None}
    _, separator, rows = best
    widths = [len(row) for row in rows]
    header = _has_header(rows)
    return {
        "separator": separator,
        "fields": [min(widths), max(widths)],
        "header": header,
        **(_names("all", rows[0]) if header else {}),
    }


def _rows(head: str, separator: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
        return [row for row in itertools.islice(reader, _ROWS) if row]
    except csv.Error:  # a field as long as a book
        return []


def _share_of_values(rows: list[list[str]]) -> float:
    cells = [cell for row in rows for cell in row]
    return sum(map(_is_value, cells)) / len(cells)


def _has_header(rows: list[list[str]]) -> bool | None:
    """Tell whether the first line has names: texts, over a column that has none; None if unsure.

    Where every column holds text nothing tells a line of names from one of people.
    """
    names, *below = rows
    columns = [[row[place] for row in below if place < len(row)] for place in range(len(names))]
    if len(set(names)) < len(names) or not all(map(_may_be_name, range(len(names)), names)):
        return False
    if any(name in column for name, column in zip(names, columns, strict=True)):
        return False
    filled = [[cell for cell in column if cell.strip()] for column in columns]
    is_clear = any(
        name.strip() and column and all(map(_is_value, column))
        for name, column in zip(names, filled, strict=True)
    )
    return True if is_clear else None


def _may_be_name(place: int, cell: str) -> bool:
    text = cell.strip()
    if not text:
        return place == 0  # of an index that was saved too
    is_short = len(text) <= _LONGEST_NAME and not set(text) & set("@\r\n")
    return is_short and text.lower() not in _NO_NAMES and not _is_value(text)


def _is_value(cell: str) -> bool:
    """Tell whether a cell is a number, a date, a time or a price."""
    plain = re.sub(r"(?<=\d)[TZ]", "", cell.strip())  # as in 2026-01-01T08:00Z
    if plain and _LETTERLESS.issuperset(plain) and any(map(str.isdigit, plain)):
        return True
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _names(least: str, names: Iterable[object]) -> dict[str, object]:
    """Return the names where the policy allows that much."""
    if policy().values not in (least, "all"):
        return {}
    return {"names": [str(name) for name in itertools.islice(names, MOST_COLUMNS)]}
