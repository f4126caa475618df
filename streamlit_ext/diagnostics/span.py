"""The part of the time that is looked at: brushed on a chart, or typed as two clock times."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Span:
    """A range of time.

    Attributes:
        since: As a ``ts``; empty for no limit.
        until: Likewise, and no more in it.
    """

    since: str = ""
    until: str = ""

    @property
    def is_all(self) -> bool:
        """Whether it limits nothing."""
        return not (self.since or self.until)


def of_clock(day: str, since: datetime.time | None, until: datetime.time | None) -> Span:
    """Return the range between two clock times of a local date."""
    date = datetime.date.fromisoformat(day)
    end = ""
    if until is not None:  # to the end of its minute; of an hour that comes twice, the second
        last = datetime.datetime.combine(date, until.replace(second=0, microsecond=0, fold=1))
        end = _text(last.astimezone() + datetime.timedelta(minutes=1))
    return Span(_ts(date, since) if since else "", end)


def of_brush(selection: Mapping[str, Any]) -> Span:
    """Return the range that somebody has brushed on the chart; no limit where nothing is.

    The chart's times are the server's clock, as if it were UTC: see ``chart_time``.
    """
    brushed = selection.get("brush")
    ends = brushed.get("time") if isinstance(brushed, dict) else None
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        return Span()
    try:
        first, last = sorted(map(float, ends))
        return Span(_from_chart(first), _from_chart(last, fold=1))
    except (TypeError, ValueError, OverflowError, OSError):  # what a browser sends may be anything
        return Span()


def chart_time(ts: str) -> datetime.datetime | None:
    """Return a ``ts`` as the chart shows it: the server's clock, as if it were UTC.

    So a browser in another zone shows the same clock times as the list of steps.
    """
    try:
        moment = datetime.datetime.fromisoformat(ts).astimezone()
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=datetime.UTC)


def _from_chart(milliseconds: float, fold: int = 0) -> str:
    shown = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC)
    return _text(shown.replace(tzinfo=None, fold=fold).astimezone())


def _ts(date: datetime.date, time: datetime.time) -> str:
    return _text(datetime.datetime.combine(date, time).astimezone())


def _text(moment: datetime.datetime) -> str:
    utc = moment.astimezone(datetime.UTC)
    return utc.isoformat(timespec="milliseconds")
