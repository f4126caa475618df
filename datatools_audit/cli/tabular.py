"""Rows as text that somebody or something reads: a table that fits the terminal, CSV, JSON."""

from __future__ import annotations

import csv
import datetime
import decimal
import io
import unicodedata
import uuid
from typing import TYPE_CHECKING, Any

import orjson

from datatools_audit.reading.wording import clean
from datatools_audit.record import strict
from datatools_audit.record.coerce import coerce
from datatools_audit.support.table import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_MOST_BYTES = 1 << 22  # of one value
_MOST_SHOWN = 1_000  # characters of a cell
_NARROWEST = 10
_GAP = "  "
_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT")


def as_table(
    columns: Sequence[str],
    types: Sequence[str],
    rows: Iterable[Sequence[Any]],
    width: int | None,
) -> Iterator[str]:
    """Yield the lines of a table; a null is shown as nothing.

    Args:
        columns: The names.
        types: Those of DuckDB; numbers stand right.
        rows: The values.
        width: How many characters fit on a line; what does not is cut, then left out, and the
            last line says so. None for any.
    """
    cells = [[_shown(value) for value in row] for row in rows]
    heads = [clean(name, _MOST_SHOWN) or "?" for name in columns]
    widths = [max(map(_width, each)) for each in zip(heads, *cells, strict=True)]
    fitted = widths if width is None else _fitted(widths, [_width(head) for head in heads], width)
    is_right = [any(word in kind for word in _NUMBERS) and "[" not in kind for kind in types]

    def line(texts: Sequence[str]) -> str:
        parts = zip(texts, fitted, is_right, strict=False)  # what does not fit has no width
        return _GAP.join(_padded(text, size, right=right) for text, size, right in parts).rstrip()

    yield line(heads)
    yield _GAP.join("-" * size for size in fitted)
    yield from map(line, cells)
    if left_out := heads[len(fitted) :]:
        yield f"({len(left_out)} more columns have no room here: {', '.join(left_out)})"


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], end: str) -> Iterator[str]:
    """Yield the lines of a CSV in which no cell can act; see ``support.table``."""
    yield _csv_line([cell(name) for name in columns], end)
    for row in rows:
        yield _csv_line([cell(plain(value)) for value in row], end)


def as_json(
    columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[str]:
    """Yield the lines of an array of objects, one a line; of two equal names the second is a_2."""
    names = _told_apart(columns)
    before = "["
    for row in rows:
        values = {
            name: _parsed(value) if kind == "JSON" else plain(value)
            for name, kind, value in zip(names, types, row, strict=True)
        }
        yield f"{before}\n{strict.escaped(strict.dumps(values)).decode()}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def plain(value: object) -> Any:
    """Return a value of DuckDB as one that JSON has: a moment in UTC as RFC 3339."""
    if value is None or type(value) in (bool, str):
        return value
    if isinstance(value, datetime.datetime):
        utc = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return utc.isoformat(timespec="milliseconds")
    if isinstance(value, decimal.Decimal):
        return plain(int(value)) if value == value.to_integral_value() else float(value)
    if isinstance(value, uuid.UUID | datetime.timedelta):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    return coerce(value, _MOST_BYTES)[0]


def _parsed(value: str | None) -> object:
    try:
        return None if value is None else orjson.loads(value)
    except orjson.JSONDecodeError:
        return value


def _csv_line(cells: Sequence[str], end: str) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator=end).writerow(cells)
    return target.getvalue()


def _told_apart(columns: Sequence[str]) -> list[str]:
    names: list[str] = []
    for column in columns:
        name, number = column, 1
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "milliseconds" if value.microsecond else "seconds")
    found = plain(value)
    if not isinstance(found, str):
        found = strict.dumps(found).decode()
    return clean(found, _MOST_SHOWN)


def _fitted(widths: Sequence[int], heads: Sequence[int], width: int) -> list[int]:
    """Return the widths of the columns that fit: the widest give way first."""
    least = [min(size, max(_NARROWEST, head)) for size, head in zip(widths, heads, strict=True)]
    count = len(widths)
    while count > 1 and sum(least[:count]) + len(_GAP) * (count - 1) > width:
        count -= 1
    room = width - len(_GAP) * (count - 1)
    fitted = list(widths[:count])
    while sum(fitted) > room and any(a > b for a, b in zip(fitted, least, strict=False)):
        at = max(range(count), key=lambda n: (fitted[n] - least[n] > 0, fitted[n]))
        fitted[at] = max(least[at], fitted[at] - max(1, (sum(fitted) - room) // count))
    return fitted


def _padded(text: str, size: int, *, right: bool) -> str:
    if _width(text) > size:
        while text and _width(text) >= size:
            text = text[:-1]
        text += "…"
    space = " " * (size - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    """Return how many places of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_places(sign) for sign in text)


def _places(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
