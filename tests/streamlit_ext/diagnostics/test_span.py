"""The part of the time that is looked at."""

from __future__ import annotations

import datetime
import time
from typing import TYPE_CHECKING

import pytest

from streamlit_ext.diagnostics.span import Span, chart_time, of_brush, of_clock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the server two hours before Greenwich."""
    monkeypatch.setenv("TZ", "XST-02:00")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_span_of_clock_times() -> None:
    """Two clock times of the server's day are a range in UTC; the last minute is in it."""
    found = of_clock("2026-05-19", datetime.time(9, 30), datetime.time(10))
    assert Span("2026-05-19T07:30:00.000+00:00", "2026-05-19T08:01:00.000+00:00") == found


def test_span_of_one_clock_time() -> None:
    """What is left open limits nothing."""
    assert Span("2026-05-19T07:30:00.000+00:00") == of_clock(
        "2026-05-19", datetime.time(9, 30), None
    )
    assert of_clock("2026-05-19", None, None).is_all


def test_span_of_a_brush_is_what_the_chart_shows() -> None:
    """What is brushed on the chart's clock comes back as the moments that it shows."""
    ends = ["2026-05-19T07:30:00.000+00:00", "2026-05-19T08:00:00.000+00:00"]
    shown = [chart_time(end) for end in ends]
    brushed = [moment.timestamp() * 1000 for moment in shown if moment is not None]
    assert [9, 10] == [moment.hour for moment in shown if moment is not None]
    assert Span(*ends) == of_brush({"brush": {"time": brushed[::-1]}})


def test_span_of_an_hour_that_comes_twice_has_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the day on which summer time ends nothing of that hour is out of reach."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    whole = Span("2026-10-25T00:00:00.000+00:00", "2026-10-25T02:00:00.000+00:00")
    assert whole == of_clock("2026-10-25", datetime.time(2), datetime.time(2, 59))


@pytest.mark.parametrize(
    "brush", [{}, {"time": ["x", "y"]}, {"time": [1e300, 0]}, {"time": []}, None]
)
def test_span_of_no_brush_is_all(brush: object) -> None:
    """Where nothing is brushed all is looked at."""
    assert of_brush({"brush": brush}).is_all
    assert of_brush({}).is_all


def test_span_chart_time_of_what_is_none() -> None:
    """A `ts` that is no time is not on the chart."""
    assert chart_time("yesterday") is None
