"""What lines of records hold, counted: kinds, processes, sessions, time and free texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import orjson

from datatools_audit.support.groups import GROUPS, LEFT_OUT, group_of, group_of_message, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_GAPS = 100


@dataclass(frozen=True, slots=True)
class Range:
    """What there is of one process.

    Attributes:
        proc: The process.
        first: The lowest ``seq``.
        last: The highest.
        events: How many records there are.
        missing: How many ``seq`` between are not there: lost, of other sessions or of no
            interest; the lines alone cannot tell.
        gaps: The first 100 of the gaps, each as its first and last ``seq``.
    """

    proc: str
    first: int
    last: int
    events: int
    missing: int
    gaps: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What lines hold; see ``Preview`` for the fields."""

    events: int
    by_category: Mapping[str, int]
    ranges: tuple[Range, ...]
    sessions: tuple[str, ...]
    since: str
    until: str
    texts: Mapping[str, Mapping[str, int]] = field(repr=False)
    app: tuple[str | None, str | None]


def contents(lines: Iterable[bytes]) -> Contents:
    """Return what the lines hold, each of which is a record. Keeps none of them but its texts.

    Raises:
        ValueError: A line is no JSON.
        KeyError, AttributeError, TypeError: It is no record.
    """
    categories, texts = Counter[str](), {group: Counter[str]() for group in GROUPS}
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    sessions: dict[str, None] = {}
    moments = ("", "")
    app: tuple[str | None, str | None] = (None, None)
    for line in lines:
        record = orjson.loads(line)
        categories[record["category"]] += 1
        numbers[record["proc"]].append(record["seq"])
        sessions[record["session"]] = None
        ts = record["ts"]
        moments = (min(moments[0] or ts, ts), max(moments[1], ts))
        app = _app(record) or app
        _note_texts(record, texts)
    return Contents(
        sum(categories.values()),
        dict(categories.most_common()),
        tuple(_range(proc, found) for proc, found in numbers.items()),
        tuple(sessions),
        *moments,
        {group: dict(found.most_common()) for group, found in texts.items()},
        app,
    )


def _range(proc: str, numbers: list[int]) -> Range:
    ordered = sorted(set(numbers))
    first, last = ordered[0], ordered[-1]
    gaps = [(a + 1, b - 1) for a, b in pairwise(ordered) if b - a > 1]
    missing = last - first + 1 - len(ordered)
    return Range(proc, first, last, len(numbers), missing, tuple(gaps[:MOST_GAPS]))


def _app(record: Mapping[str, object]) -> tuple[str, str | None] | None:
    name, version = record.get("app"), record.get("version")
    if record["category"] != "session" or not isinstance(name, str):
        return None
    return name, version if isinstance(version, str) else None


def _note_texts(record: Mapping[str, object], texts: Mapping[str, Counter[str]]) -> None:
    category, message = str(record["category"]), str(record["message"])
    group, part = group_of_message(record)
    if group and part == message != LEFT_OUT:
        texts[group][message] += 1
    for name, value in record.items():
        group = group_of(category, name)
        is_told = name == "exc_message" and category == "error" and str(value) in message
        if group and value != LEFT_OUT and not is_told:
            texts[group].update(texts_of(category, name, value))
