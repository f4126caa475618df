"""What is on record of an upload → the source of a call that makes such a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datatools_audit.support.reproduce.steps import File

_MOST_CELLS = 1_000_000
_MOST_COLUMNS = 1_000
_BAD_BYTE = re.compile(r"codec can't decode bytes? (?:0x\w\w )?in position (\d+)")
_WIDE_LINE = re.compile(r"Expected \d+ fields in line (\d+), saw (\d+)")
_OF_FILES = frozenset(
    "format bom encoding bad_byte newline lines separator fields header names".split()
)
_OF_FRAMES = frozenset("rows columns dtypes null_shares names".split())
_NEWLINES = ("\n", "\r\n", "\r")
_ENCODINGS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_TABLES = ("xlsx", "parquet", "feather")


@dataclass(frozen=True, slots=True)
class Hints:
    """What the error itself says of the file.

    Attributes:
        bad_byte: Where a byte stands that cannot be decoded; None where it says none.
        wide_line: A line that has another number of cells, and how many; or None.
    """

    bad_byte: int | None = None
    wide_line: tuple[int, int] | None = None


def hints(message: str) -> Hints:
    """Return what an error's text says of the file that was read."""
    bad, wide = _BAD_BYTE.search(message), _WIDE_LINE.search(message)
    return Hints(
        _whole(int(bad[1][:12])) if bad else None,
        (int(wide[1][:6]), int(wide[2][:4])) if wide else None,
    )


def fingerprint_in(record: Mapping[str, object]) -> dict[str, object]:
    """Return the fields of a fingerprint that a record has; none where it has none."""
    if type(record.get("format")) is str and "bytes" in record:
        return {name: record[name] for name in _OF_FILES if name in record}
    if isinstance(record.get("dtypes"), list) and "rows" in record:
        return {name: record[name] for name in _OF_FRAMES if name in record}
    return {}


def is_of_frame(told: Mapping[str, object]) -> bool:
    """Tell whether a fingerprint is a frame's."""
    return "dtypes" in told


def made(file: File, said: Hints) -> tuple[str, str]:
    """Return the source of a call that makes the file, and what it knows, in words."""
    told = file.told
    shown = [repr(file.name), repr(file.kind)]
    is_table = isinstance(told.get("dtypes"), list) or type(told.get("separator")) is str
    is_packed = told.get("format") not in (None, "text")
    ending = file.name.lower().rpartition(".")[2]
    if not is_table or file.size == 0 or (is_packed and ending not in _TABLES):
        bad = _or(_whole(told.get("bad_byte")), said.bad_byte)
        shown.append(str(max(0, min(file.size, 1 << 28))))
        shown += [f"bad_byte={bad}"] if bad is not None else []
        known = "an empty file, as on record" if file.size == 0 else ""
        return f"plain_file({', '.join(shown)})", known
    columns, rows = _columns(told)
    listed = "".join(f"        {column!r},\n" for column in columns)
    form = "".join(f"    {each},\n" for each in [f"rows={rows}", *_form(told, rows, said)])
    head = f"table_file(\n    {', '.join(shown)},\n    columns=(\n{listed}    ),\n{form})"
    return head, _known(told)


def _known(told: Mapping[str, object]) -> str:
    if not is_of_frame(told):
        return "made with the recorded encoding, separator, columns and lines; the cells are not"
    named = "" if "names" in told else ", but for the columns' names"
    return f"made with the recorded columns, types, empty cells and rows{named}"


def _columns(told: Mapping[str, object]) -> tuple[tuple[tuple[str, str, float], ...], int]:
    """Return of each column its name, type and share of empty cells; and how many rows."""
    if is_of_frame(told):
        kinds = [str(each) for each in _list(told.get("dtypes"))][:_MOST_COLUMNS]
        rows = _whole(told.get("rows")) or 0
    else:
        width = max([_whole(each) or 1 for each in _list(told.get("fields"))] or [1])
        kinds = ["String"] + ["Int64" if told.get("header") else "String"] * (
            min(width, _MOST_COLUMNS) - 1
        )
        rows = max(0, (_whole(told.get("lines")) or 1) - 1)
    shares = [_share(each) for each in _list(told.get("null_shares"))]
    named = [str(each) for each in _list(told.get("names"))]
    columns = tuple(
        (
            named[at] if at < len(named) else f"column_{at + 1}",
            kind,
            shares[at] if at < len(shares) else 0.0,
        )
        for at, kind in enumerate(kinds)
    )
    return columns, min(rows, _MOST_CELLS // max(1, len(columns)))


def _form(told: Mapping[str, object], rows: int, said: Hints) -> list[str]:
    """Return the arguments that say how the table is written down."""
    given: dict[str, Any] = {}
    if told.get("header") is False:
        given["header"] = False
    if told.get("separator") in (";", "\t", "|"):
        given["separator"] = told["separator"]
    if told.get("newline") in _NEWLINES[1:]:
        given["newline"] = told["newline"]
    if told.get("encoding") in _ENCODINGS[1:]:
        given["encoding"] = told["encoding"]
    if told.get("bom"):
        given["bom"] = True
    bad = _or(_whole(told.get("bad_byte")), said.bad_byte)
    if bad is not None:
        given["bad_byte"] = bad
    widths = [_whole(each) or 0 for each in _list(told.get("fields"))]
    if said.wide_line is not None:
        given["wide_line"] = said.wide_line
    elif len(widths) == 2 and widths[0] != widths[1] and rows:
        given["wide_line"] = (rows + 1, widths[0])
    return [f"{name}={value!r}" for name, value in given.items()]


def _share(value: object) -> float:
    return float(min(1.0, max(0.0, value))) if isinstance(value, int | float) else 0.0


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _whole(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 40 else None


def _or(one: int | None, other: int | None) -> int | None:
    return other if one is None else one
