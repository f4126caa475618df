"""What is recorded of a widget's value → Python source: the value, or what stands for it."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from typing import cast

from datatools_audit.record.widgets import ONE_OF
from datatools_audit.support.groups import LEFT_OUT

_REDACTED = re.compile(r"<[a-z][a-z_ -]{1,30}(-\d{1,9})?>")
_MOST_TEXT = 40
_TYPED = frozenset({"text_input", "text_area", "chat_input"})
_MOMENTS = frozenset({"date_input", "time_input", "datetime_input", "slider"})


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a test.

    Attributes:
        source: A Python expression of literals.
        missing: What was not recorded, in words; empty of a value that is certain.
    """

    source: str
    missing: str = ""


def value_of(kind: str, recorded: object, *, is_cut: bool = False) -> Value:
    """Return the value that a widget was given.

    Args:
        kind: The widget's.
        recorded: The field ``new`` of its record: a value, or the shape of one.
        is_cut: Whether the record says that it was cut because it was long.

    Never raises, whatever was recorded.
    """
    if recorded == LEFT_OUT:
        typed = kind in _TYPED or kind == "color_picker"
        source = _placeholder(kind, {}).source if typed else 'NotRecorded("object")'
        return Value(source, "the value was left out of the bundle")
    if isinstance(recorded, dict):
        return _placeholder(kind, recorded)
    if isinstance(recorded, list) and any(isinstance(each, dict | list) for each in recorded):
        return _placeholder(kind, {"type": "list", "length": len(recorded)})
    if isinstance(recorded, list):
        return Value(f"[{', '.join(literal(kind, each) for each in recorded)}]")
    missing = "the end of this text was not recorded: it was too long" if is_cut else ""
    if not missing and isinstance(recorded, str) and _REDACTED.search(recorded):
        missing = "a part of this text may have been taken out"
    return Value(literal(kind, recorded), missing)


def literal(kind: str, value: object) -> str:
    """Return a plain value as source; a date in its recorded form as the date it is."""
    if kind in _MOMENTS and isinstance(value, str):
        for read in (datetime.date, datetime.time, datetime.datetime):
            try:
                return repr(read.fromisoformat(value))
            except ValueError:
                continue
    is_endless = isinstance(value, float) and not math.isfinite(value)
    return f"float({str(value)!r})" if is_endless else repr(value)


def _placeholder(kind: str, shape: dict[object, object]) -> Value:
    name = str(shape.get("type") or "object")
    length = shape.get("length")
    length = length if type(length) is int and 0 <= length <= 10**6 else None
    if name == "password":
        return Value(repr("not recorded"), "a password is never recorded")
    if name == "bool":
        return Value('NotRecorded("bool")')  # of two sides it is the other one
    if kind == "color_picker":
        return Value(repr("#000000"), "the colour was not recorded")
    if kind in _TYPED:
        return _typed(shape, length)
    source = f"NotRecorded({name!r})" if length is None else f"NotRecorded({name!r}, {length})"
    return Value(source, _missing(kind, name, length))


def _typed(shape: dict[object, object], length: int | None) -> Value:
    said = shape.get("text")
    if isinstance(said, str):  # of a message with files
        return Value(repr(said))
    count = 1 if length is None else length
    if count == 0:
        return Value(repr(""))
    source = repr("x" * count) if count <= _MOST_TEXT else f"'x' * {count}"
    characters = "1 character" if count == 1 else f"{count:,} characters"
    return Value(source, f"typed text of {characters} was not recorded")


def _missing(kind: str, name: str, length: int | None) -> str:
    if kind == "multiselect" or (kind in ONE_OF and name in ("list", "tuple")):
        return "" if length == 0 else f"which {length} of the options was not recorded"
    if kind in ONE_OF and name == "str":
        return f"the option was not recorded, only its length: {length}"
    if kind in ONE_OF:
        return "the option was not recorded"
    if name in ("int", "float"):
        return "the number was not recorded; one at a bound is tried"
    if name in ("list", "tuple"):
        return f"the {length} values were not recorded"
    kinds = {"date": "date", "time": "time", "datetime": "moment", "str": "text"}
    return f"the {kinds.get(name, 'value')} was not recorded"


def counts(shape: object) -> tuple[tuple[str, int], ...]:
    """Return how many rows were edited, added, deleted or selected, by part."""
    if not isinstance(shape, dict):
        return ()
    parts = ("edited_rows", "added_rows", "deleted_rows", "rows", "columns", "cells")
    found = [(part, shape.get(part)) for part in parts]
    return tuple((part, min(n, 10_000)) for part, n in found if type(n) is int and n > 0)


def names(shape: object) -> tuple[str, ...]:
    """Return the names of the columns that were edited, where they are on record."""
    found = cast("dict[str, object]", shape).get("columns") if isinstance(shape, dict) else None
    return tuple(each for each in found if type(each) is str) if isinstance(found, list) else ()
