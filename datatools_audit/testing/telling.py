"""What a failed expectation says: what was expected, and what was recorded instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading.wording import clean
from datatools_audit.testing.matching import described, differences

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Record = Mapping[str, object]

_MOST_LISTED = 40
_MOST_DETAILED = 3
_MESSAGE = 120
_VALUE = 100
_HEAD = frozenset({"ts", "level", "category", "session", "message", "proc", "seq"})
_LONG = ("traceback", "stack")


def count_is_wrong(
    wanted: str,
    expected: Mapping[str, object],
    matched: Sequence[int],
    records: Sequence[Record],
    why_nothing: str,
) -> str:
    """Return what to say where not as many events match as should.

    Args:
        wanted: How many: ``one``, ``none``, ``at least one``.
        expected: The fields that were asked for.
        matched: The places of those that have them.
        records: All of them.
        why_nothing: Why there are none at all, if there are none; may be empty.
    """
    parts = [f"{_events(len(matched))}{_with(expected)}, expected {wanted}"]
    if not records:
        return f"{parts[0]}; nothing was recorded{why_nothing and ': '}{why_nothing}"
    parts += [details(records[place]) for place in matched[:_MOST_DETAILED]]
    if not matched:
        parts += nearest(expected, records)
    parts.append(f"recorded {'was' if len(records) == 1 else 'were'}:")
    parts.append(listed(records, matched))
    return "\n".join(parts)


def listed(records: Sequence[Record], matched: Collection[int] = ()) -> str:
    """Return the records, a line for each, with a mark at those that matched."""
    first = max(0, len(records) - _MOST_LISTED)
    lines = [f"  [{first} earlier]"] if first else []
    for place, record in enumerate(records[first:], start=first):
        mark = ">" if place in matched else " "
        level, category = clean(record.get("level"), 10), clean(record.get("category"), 20)
        message = clean(record.get("message"), _MESSAGE)
        lines.append(f"{mark} {place:>3} {level:<8} {category:<10} {message}{_extras(record)}")
    return "\n".join(lines)


def details(record: Record) -> str:
    """Return a record with each of its own fields on a line, and a traceback as one."""
    lines = [f"  {clean(record.get('message'), 500)}"]
    for name, value in record.items():
        if name in _LONG and isinstance(value, str):
            lines += [f"    {name}:", *(f"      {clean(line)}" for line in value.splitlines())]
        elif name not in _HEAD:
            lines.append(f"    {clean(name)}: {_shown(value)}")
    return "\n".join(lines)


def nearest(expected: Mapping[str, object], records: Sequence[Record]) -> list[str]:
    """Return a line about the record that differs in the fewest fields, if in not all."""
    wrong = [differences(record, expected) for record in records]
    fewest = min(map(len, wrong))
    if fewest == len(expected):
        return []
    place = max(place for place, names in enumerate(wrong) if len(names) == fewest)
    record = records[place]
    has = [f"{n}={_shown(record[n])}" if n in record else f"no {n}" for n in wrong[place]]
    return [f"nearest is {place}, which has {', '.join(has)}"]


def _extras(record: Record) -> str:
    shown = [
        f"{clean(name)}={_shown(value, 40)}"
        for name, value in record.items()
        if name not in _HEAD and name not in _LONG
    ]
    return f"  {' '.join(shown)}" if shown else ""


def _shown(value: object, most: int = _VALUE) -> str:
    return clean(repr(value), most)


def _events(count: int) -> str:
    return f"{count or 'no'} event{'' if count == 1 else 's'}"


def _with(expected: Mapping[str, object]) -> str:
    return f" with {described(expected)}" if expected else ""
