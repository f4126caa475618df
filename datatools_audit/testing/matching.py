"""Whether a record is the one that a test means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datatools_audit.record.coerce import coerce
from datatools_audit.record.levels import KNOWN, LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

_ABSENT = object()


def refuse_unknown_level(expected: object) -> None:
    """Refuse a level that no record ever has: ``none(level="warn")`` would prove nothing.

    Raises:
        ValueError: It is no level, or one of several is none.
    """
    for each in expected if isinstance(expected, set | frozenset) else (expected,):
        if isinstance(each, str) and each not in KNOWN:
            raise ValueError(f"level={each!r}: a record's level is one of {', '.join(LEVELS)}")


def differences(record: Mapping[str, object], expected: Mapping[str, object]) -> list[str]:
    """Return the names of the fields that are not as expected.

    A field is as expected if it equals the value, or what a record makes of such a value (a
    path is a text). A compiled pattern is searched for in it, a set names several values, a
    callable decides, and ``...`` is any value at all. A field that the record lacks is none
    of these.
    """
    return [name for name, value in expected.items() if not _is(record.get(name, _ABSENT), value)]


def _is(found: object, expected: object) -> bool:
    if found is _ABSENT:
        return False
    if expected is ...:
        return True
    if isinstance(expected, re.Pattern):
        return isinstance(found, str) and expected.search(found) is not None
    if isinstance(expected, set | frozenset):
        return any(_is(found, each) for each in expected)
    if callable(expected):
        return bool(expected(found))
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    return found == coerce(expected)[0] or _equals(found, expected)


def _equals(found: object, expected: object) -> bool:
    try:
        return bool(found == expected)
    except Exception:  # a table or an array, which compares its items and has no one answer
        return False


def described(expected: Mapping[str, object]) -> str:
    """Return the expectation as it was written: ``category='upload', rows=3``."""
    return ", ".join(f"{name}={_value(value)}" for name, value in expected.items())


def _value(value: object) -> str:
    if value is ...:
        return "..."
    if isinstance(value, re.Pattern):
        return f"re.compile({value.pattern!r})"
    name = getattr(value, "__name__", None)
    if callable(value) and isinstance(name, str):
        return name
    text = repr(value)
    return text if "\n" not in text else repr(coerce(value)[0])  # a table: as it is recorded
