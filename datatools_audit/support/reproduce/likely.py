"""Likely values in the place of those that were not recorded: copied into each test."""

from __future__ import annotations

import datetime
from typing import Any


class NotRecorded:
    """A value of which the record has only the shape; a likely one is put in its place.

    Args:
        kind: Its type: ``str``, ``int``, ``list``, …
        length: How long it was, or how many there were.
    """

    def __init__(self, kind: str, length: int | None = None) -> None:
        self.kind = kind
        self.length = length


def likely(widget: Any, value: NotRecorded) -> Any:
    """Return a value of that shape that is not the present one."""
    now = widget.value
    options = getattr(widget, "options", None)
    if value.kind == "bool" or isinstance(now, bool):
        return not now
    if isinstance(options, list):
        return _likely_options(widget, value, options)
    if value.kind in ("tuple", "list"):
        return _likely_range(widget, list(now or ()), value.length or 0)
    if value.kind in ("int", "float") or isinstance(now, int | float):
        is_float = value.kind == "float" or isinstance(now, float)
        return float(_number(now, widget)) if is_float else _number(now, widget)
    if isinstance(now, datetime.time):
        return datetime.time(0, 0) if now != datetime.time(0, 0) else datetime.time(12, 0)
    if isinstance(now, datetime.date):
        return now + datetime.timedelta(days=1)
    likely = {"time": datetime.time(0, 0), "datetime": datetime.datetime(2026, 1, 1)}
    return likely.get(value.kind, datetime.date.today() if value.kind == "date" else None)


def _likely_range(widget: Any, now: list[Any], count: int) -> tuple[Any, ...]:
    """Return so many ends: of a range of numbers both bounds, of days another last one."""
    if now and isinstance(now[0], int | float):
        least, most = widget.min, widget.max
        likely = ((least, most), (least, least), (most, most))
        return next(each for each in likely if list(each) != now)
    days = [*now, *[datetime.date.today()] * count][:count]
    if days and len(days) == len(now):
        days[-1] += datetime.timedelta(days=1)
    return tuple(days)


def _likely_options(widget: Any, value: NotRecorded, options: list[str]) -> Any:
    now = widget.value
    if value.kind in ("list", "tuple"):
        chosen = [called(widget, each) for each in now or []]
        count = value.length or 0
        others = [each for each in options if each not in chosen]
        if count == len(chosen):
            return [*chosen[:-1], *others][:count]
        return [*chosen, *others][:count]
    others = [each for each in options if now is None or each != called(widget, now)]
    fitting = [each for each in others if value.kind == "str" and len(each) == value.length]
    return next(iter(fitting or others or options), None)


def _number(now: Any, widget: Any) -> Any:
    """Return a number at a bound, where apps fail: 0, the least, the most."""
    pages = getattr(widget, "num_pages", None)
    least = 1 if pages else getattr(widget, "min", None)
    most = pages or getattr(widget, "max", None)
    known = [each for each in (0, least, most, 1) if each is not None and each != now]
    within = (
        each
        for each in known
        if (least is None or each >= least) and (most is None or each <= most)
    )
    found = next(within, now)
    return int(found) if isinstance(now, int) else found


def called(widget: Any, option: Any) -> str:
    """Return how an option is called on the page."""
    try:
        name = str(widget.format_func(option))
    except Exception:
        name = str(option)
    return name if name in widget.options else str(option)


def typed_into(column: Any) -> Any:
    """Return what somebody may have typed into a column."""
    kind = column.dtype.kind
    return 0 if kind in "iuf" else True if kind == "b" else "2026-01-01" if kind == "M" else "x"
