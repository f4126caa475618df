"""Sizes, durations, values and foreign texts in plain words. Nothing here raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

MOST_TEXT = 200
_MOST_VALUE = 60
_MOST_ITEMS = 3
_MOST_EXTRAS = 8
_LONGEST_NUMBER = 10**18
_UNITS = ("B", "kB", "MB", "GB", "TB")


class Phrase(NamedTuple):
    """A step in words; see ``steps.Step``."""

    verb: str
    subject: str = ""
    rest: str = ""


def clean(value: object, most: int = MOST_TEXT) -> str:
    """Return a foreign text on one line, cut; what no screen shows becomes a space.

    That is controls, colours of a terminal, marks that turn the direction of writing. Of what
    is no text nothing is returned.
    """
    if type(value) is not str:
        return ""
    if len(value) <= most and value.isprintable():
        return value
    head = value[: 2 * most]
    shown = " ".join("".join(c if c.isprintable() else " " for c in head).split())
    if len(head) == len(value) and len(shown) <= most:
        return shown
    return shown[: most - 1] + "…"


def lines_of(value: object, most: int) -> str:
    """Return a foreign text likewise, cut, but with its own line breaks."""
    told = value[:most] if type(value) is str else ""
    lines = [clean(line, most) for line in told.splitlines()]
    cut = "…" if type(value) is str and len(value) > most else ""
    return "\n".join(lines).strip() + cut


def behind(record: Mapping[str, object], begins: str) -> str:
    """Return the message behind our own words."""
    message = record.get("message")
    return clean(message.removeprefix(begins)) if type(message) is str else ""


def quoted(value: str) -> str:
    """Return a foreign text so that one sees where it begins and ends."""
    return f"“{clean(value, _MOST_VALUE)}”"


def whole(value: object) -> int | None:
    """Return the value if it is a whole number that can be said."""
    return value if type(value) is int and -_LONGEST_NUMBER < value < _LONGEST_NUMBER else None


def number(value: object) -> float | None:
    """Return the value if it is a number of ordinary size, from 0 on."""
    if type(value) not in (int, float):
        return None
    return float(value) if 0 <= value < _LONGEST_NUMBER else None  # type: ignore[operator, arg-type]


def count(value: int, one: str, many: str = "") -> str:
    """Return how many there are of something: ``1 row``, ``1,200 rows``."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def size(value: object) -> str:
    """Return a number of bytes in words, ``24.8 kB``; nothing of what is none."""
    found = number(value)
    if found is None:
        return ""
    if found < 1000:
        return f"{found:.0f} B"
    unit = 0
    while found >= 999.95 and unit < len(_UNITS) - 1:  # which would be said as 1000.0
        found /= 1000
        unit += 1
    return f"{found:.1f} {_UNITS[unit]}"


def duration(milliseconds: object) -> str:
    """Return a span of time in words, ``0.4 s``, ``2 min 5 s``; nothing of what is none."""
    found = number(milliseconds)
    if found is None:
        return ""
    seconds = found / 1000
    if seconds < 0.01:
        return "under 0.01 s"
    if seconds < 0.095:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    left = round(seconds)
    parts = []
    for length, name in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        if left >= length:
            parts.append(f"{left // length} {name}")
            left %= length
    return " ".join(parts[:2])


def after(milliseconds: object) -> str:
    """Return `` after 2.1 s``; nothing of what took no time worth saying."""
    took = duration(milliseconds)
    return f" after {took}" if took and not took.startswith("under") else ""


def value(given: object) -> str:
    """Return what is recorded of a value, in words.

    Args:
        given: The value, or what the policy ``shape`` makes of it: ``{"type": "str", "length": 5}``
            is a text of 5 characters. Of a type that says nothing, as ``bool``, nothing.
    """
    if given is None:
        return "empty"
    if type(given) is bool:
        return "on" if given else "off"
    if type(given) is str:
        return quoted(given) if given else "empty"
    if type(given) in (int, float):
        return _number(given)
    if type(given) is list:
        return _items(given)
    return _shape(given) if isinstance(given, Mapping) else "something"


def _number(given: object) -> str:
    if type(given) is float:
        return f"{given:.6g}"
    return "a long number" if whole(given) is None else str(given)


def _items(given: list[object]) -> str:
    """Return the first values of a list; of files how many."""
    first = given[0] if given else None
    if isinstance(first, Mapping):  # all are alike: they come from one widget
        return count(len(given), "file" if first.get("type") == "UploadedFile" else "value")
    shown = [_item(each) for each in given[:_MOST_ITEMS]]
    if len(given) > len(shown):
        shown.append(f"{len(given) - len(shown):,} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]])) or "empty"


def _item(given: object) -> str:
    """Return one value of a list, however deep that one is, in a few words."""
    return count(len(given), "value") if type(given) is list else value(given)


def extras(fields: Mapping[str, object]) -> str:
    """Return an event's own fields in short: `` (rows: 344, file: “a.csv”)``."""
    shown: list[str] = []
    for name, given in fields.items():
        if len(shown) == _MOST_EXTRAS:
            shown.append("…")
            break
        is_size = type(name) is str and (name == "bytes" or name.endswith("_bytes"))
        said = (size(given) if is_size else "") or _extra(given)
        shown.append(f"{clean(name, 40)}: {said}")
    return f" ({', '.join(shown)})" if shown else ""


def _extra(given: object) -> str:
    if type(given) is bool:
        return "yes" if given else "no"
    return "none" if given is None else _item(given) or "something"


_SIMPLE = {
    "bool": "",
    "int": "a number",
    "float": "a number",
    "Decimal": "a number",
    "date": "a date",
    "time": "a time",
    "datetime": "a date and a time",
    "password": "a password",
    "UploadedFile": "a file",
}
_COUNTED = (
    ("rows", "row", "selected"),
    ("columns", "column", "selected"),
    ("cells", "cell", "selected"),
    ("points", "point", "selected"),
    ("indices", "object", "selected"),
    ("selected", "object", "selected"),
    ("box", "box", "drawn"),
    ("lasso", "lasso", "drawn"),
    ("edited_rows", "row", "edited"),
    ("added_rows", "row", "added"),
    ("deleted_rows", "row", "deleted"),
)
_PLURALS = {"box": "boxes"}


def _shape(given: Mapping[str, object]) -> str:
    kind, length = given.get("type"), whole(given.get("length"))
    if type(kind) is not str:
        return count(len(given), "value")
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind == "ChatInputValue":
        return _message(given, length or 0)
    if kind == "str" and length is not None:
        return f"text of {count(length, 'character')}" if length else "empty"
    if kind == "dict" and length is None:
        return _parts(given)
    if length is not None:
        return count(length, "value") if length else "empty"
    return f"a value of type {clean(kind, _MOST_VALUE)}"


def _parts(given: Mapping[str, object]) -> str:
    """Return how much was selected, drawn or edited, and in which columns if that is told."""
    said = []
    for name, one, done in _COUNTED:
        found = whole(given.get(name))
        if found:
            said.append(f"{count(found, one, _PLURALS.get(one, ''))} {done}")
    given_columns = given.get("columns")
    columns = given_columns if type(given_columns) is list else []
    columns = [name for name in columns if type(name) is str]  # as nothing else may be nested
    if columns:
        said.append(f"in {_items(columns)}")
    return ", ".join(said) or "nothing selected"


def _message(given: Mapping[str, object], length: int) -> str:
    """Return what was said in a chat that also takes files."""
    text = given.get("text")
    said = [quoted(text) if type(text) is str and text else f"text of {count(length, 'character')}"]
    files = whole(given.get("files"))
    if files:
        said.append(count(files, "file"))
    return ", ".join(said if length or not files else said[1:])
