"""Records as a CSV in which no cell can act, whatever program opens it."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from datatools_audit.record import strict
from datatools_audit.record.coerce import coerce
from datatools_audit.record.text import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_COLUMNS = 200
MOST_CHARACTERS = 32_000  # a spreadsheet's cell has 32,767, and what is over may begin another
_HEAD = ("ts", "level", "category", "session", "page", "message", "proc", "seq")
_MORE = "more"
_ACTS = "=+\\-@＝＋－＠"
_BEGINS = re.compile(rf"[\s\"'\x00-\x20]*[{_ACTS}]|[\t\r\n]")
# Where the decimal sign is a comma, a double click splits a CSV at semicolons, and a quote
# that is not at a cell's beginning then protects nothing, line breaks included.
_BEGINS_ANOTHER = re.compile(rf"([;|\t\r\n][\s\"]*)(?=[{_ACTS}])")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def as_csv(records: Iterable[Mapping[str, object]]) -> bytes:
    """Return the records as a CSV for spreadsheets: UTF-8 with its mark, lines end with CR LF.

    The columns are the record's own fields, then the others by their first appearance, at
    most 200; what is over stands as JSON in the column ``more``. A number stays a number. A
    text that a spreadsheet would take for a formula gets an apostrophe before the sign, at a
    cell's beginning and wherever another separator would begin a cell; control characters
    become visible; a text over 32,000 characters is cut.

    Threads: any.
    """
    rows = list(records)
    names = list(dict.fromkeys([*_HEAD, *(name for row in rows for name in row)]))
    shown, over = names[:MOST_COLUMNS], set(names[MOST_COLUMNS:])
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([cell(name) for name in shown] + [_MORE] * bool(over))
    for row in rows:
        cells = [cell(row.get(name)) for name in shown]
        if over:
            rest = {name: value for name, value in row.items() if name in over}
            cells.append(cell(rest) if rest else "")
        writer.writerow(cells)
    return target.getvalue().encode("utf-8-sig")


def cell(value: object) -> str:
    """Return a value as the text of a cell that cannot act."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return strict.dumps(coerce(value)[0]).decode().strip('"')
    if not isinstance(value, str):
        value = strict.dumps(coerce(value, MOST_CHARACTERS)[0]).decode()
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", clean_text(value))
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - 1] + "…"
    text = _BEGINS_ANOTHER.sub(r"\1'", text)
    return "'" + text if _BEGINS.match(text) else text
