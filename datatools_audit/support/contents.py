"""What lines of records hold, counted: kinds, processes, sessions, time and free texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from datatools_audit.reading.numbers import Numbers, size, without
from datatools_audit.support.groups import GROUPS, LEFT_OUT, group_of, group_of_message, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from datatools_audit.reading.numbers import Span

    InLog = Callable[[str, int, int], list[Span]]

MOST_GAPS = 100


@dataclass(frozen=True, slots=True)
class Range:
    """What there is of one process.

    Attributes:
        proc: The process.
        first: The lowest ``seq``.
        last: The highest.
        events: How many records there are.
        missing: How many ``seq`` between are not there, as far as is known not even in the log.
        gaps: The first 100 ranges of them, each as its first and last ``seq``.
        left_out: How many more are in the log and not here: of other sessions, or of another
            time.
        left_out_ranges: The first 100 ranges of them.
    """

    proc: str
    first: int
    last: int
    events: int
    missing: int
    gaps: tuple[Span, ...]
    left_out: int = 0
    left_out_ranges: tuple[Span, ...] = ()


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


def contents(lines: Iterable[bytes], in_log: InLog | None = None) -> Contents:
    """Return what the lines hold, each of which is a record. Keeps none of them but its texts.

    Args:
        lines: They.
        in_log: Tells which numbers of a process, between two, the log has that they are from;
            without it what is not here is missing.

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
        tuple(_range(proc, found, in_log) for proc, found in numbers.items()),
        tuple(sessions),
        *moments,
        {group: dict(found.most_common()) for group, found in texts.items()},
        app,
    )


def _range(proc: str, numbers: list[int], in_log: InLog | None) -> Range:
    here = Numbers()
    for number in sorted(numbers):
        here.add(number)
    gaps = here.gaps()
    first, last = here.span
    missing = without(gaps, in_log(proc, first, last)) if in_log and gaps else gaps
    left_out = without(gaps, missing)
    return Range(
        proc,
        first,
        last,
        len(numbers),
        size(missing),
        tuple(missing[:MOST_GAPS]),
        size(left_out),
        tuple(left_out[:MOST_GAPS]),
    )


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
        group = group_of(record, name)
        is_told = name == "exc_message" and category == "error" and str(value) in message
        if group and value != LEFT_OUT and not is_told:
            texts[group].update(texts_of(category, name, value))
