"""What a table or a file looks like, without one value of it: for a record of the app's own."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from typing import TYPE_CHECKING, Any

import narwhals as nw

from datatools_audit.guard import guard
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


def fingerprint(data: object) -> dict[str, object]:
    """Describe a data frame, or a file's bytes, for support: ``log_event(…, **fingerprint(df))``.

    Never a value, and a column's name only where the policy says ``choices`` or ``all``.
    Never raises: of what it does not understand it tells the type.

    Args:
        data: A data frame that narwhals knows (pandas, polars, pyarrow, modin, …); bytes; or
            an open binary file such as an upload, which is left at the position it had.

    Returns:
        Of a frame ``rows``, ``columns``, and for the first 200 columns ``dtypes``,
        ``null_shares`` (0 to 1) and perhaps ``names``.
        Of a file ``bytes``, ``format`` (``text``, ``zip``, …, ``empty``) and for a text
        ``bom``, ``encoding``, ``bad_byte`` (position of the first that is not in it),
        ``newline``, ``lines``, ``separator``, ``fields`` (fewest and most in a line),
        ``header`` (whether the first line looks like one) and perhaps ``names``. Of a file
        over 64 MiB the beginning is looked at and ``examined`` tells how much.

    Threads: any, while nobody else reads the file.
    """
    with guard("fingerprint"):
        if isinstance(data, bytes | bytearray | memoryview):
            return _of_file(bytes(data[:_EXAMINED]), len(data))
        if hasattr(data, "read") and hasattr(data, "seek"):
            return _of_open_file(data)
        return _of_frame(nw.from_native(data, eager_only=True))
    return {"type": type(data).__name__}


def _of_frame(frame: nw.DataFrame[Any]) -> dict[str, object]:
    rows, columns = frame.shape
    names = [str(name) for name in frame.columns[:MOST_COLUMNS]]
    nulls = [frame[:, number].null_count() for number in range(len(names))]
    return {
        "rows": rows,
        "columns": columns,
        "dtypes": [str(frame[:, number].dtype) for number in range(len(names))],
        "null_shares": [round(count / rows, 4) if rows else 0.0 for count in nulls],
        **_names(names),
    }


def _of_open_file(file: Any) -> dict[str, object]:
    position = file.tell()
    try:
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        head = file.read(_EXAMINED)
    finally:
        file.seek(position)
    if not isinstance(head, bytes):
        raise TypeError("a text file has been decoded already")
    return _of_file(head, size)


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
    encoding, bad_byte = _encoding(data, mark, bom)
    if encoding is None:
        return found | {"format": "binary"}
    head = data[len(mark) : _HEAD].decode(encoding, errors="replace")
    if len(data) > _HEAD:
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head
    newline = "\r\n" if "\r\n" in head else "\n" if "\n" in head else "\r" if "\r" in head else None
    ends = data.count((newline or "\n").encode(encoding))
    return found | {
        "format": "text",
        "bom": bom,
        "encoding": encoding,
        "bad_byte": bad_byte,
        "newline": newline,
        "lines": ends + (not data.endswith((newline or "\n").encode(encoding))),
        **_columns(head),
    }


def _encoding(data: bytes, mark: bytes, bom: str | None) -> tuple[str | None, int | None]:
    """Return how a text is encoded, and where it is not; None for what is no text."""
    encoding = bom or ("utf-8" if b"\0" not in data[:_HEAD] else _without_mark(data[:_HEAD]))
    if encoding is None:
        return None, None
    decoder = codecs.getincrementaldecoder(encoding)()
    position = len(mark)
    step = 2**20
    for start in range(position, len(data), step):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + step])
        except UnicodeDecodeError as error:
            position = start - pending + error.start
            return ("latin-1" if encoding == "utf-8" and not bom else encoding), position
    return encoding, None


def _without_mark(head: bytes) -> str | None:
    """Return the UTF-16 of a text without its mark: every second byte is 0 then."""
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[first::2].count(0) > 0.7 * len(head[first::2]):
            return encoding
    return None


def _columns(head: str) -> dict[str, object]:
    """Return separator, fields and header of a text that looks like a table."""
    best: tuple[float, str, list[list[str]]] | None = None
    for separator in _SEPARATORS:
        rows = _rows(head, separator)
        widths = [len(row) for row in rows]
        most = max(widths, default=0)
        if most > 1:
            score = widths.count(most) / len(widths) + most / 1e6
            if best is None or score > best[0]:
                best = score, separator, rows
    if best is None:
        return {"separator": None}
    _, separator, rows = best
    widths = [len(row) for row in rows]
    header = _is_header(rows[0])
    return {
        "separator": separator,
        "fields": [min(widths), max(widths)],
        "header": header,
        **(_names(rows[0][:MOST_COLUMNS]) if header else {}),
    }


def _rows(head: str, separator: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(head), delimiter=separator)
        return [row for row in itertools.islice(reader, _ROWS) if row]
    except csv.Error:  # a field as long as a book
        return []


def _is_header(row: list[str]) -> bool:
    """Tell whether a line looks like names: each there, each once, none a number."""
    return len(set(row)) == len(row) and all(cell.strip() and not _is_number(cell) for cell in row)


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _names(names: Iterable[str]) -> dict[str, object]:
    return {} if policy().values == "shape" else {"names": list(names)}
