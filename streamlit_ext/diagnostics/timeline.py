"""The day as bars by level, a part of it to choose, and what a session did in it, step by step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from datatools_audit.reading.query import Filter
from datatools_audit.reading.steps import before, clock, steps
from datatools_audit.reading.wording import count
from datatools_audit.record.levels import ERRORS
from datatools_audit.recorder import recorder
from streamlit_ext.diagnostics import span
from streamlit_ext.diagnostics.span import Span, chart_time
from streamlit_ext.diagnostics.steplist import as_html
from streamlit_ext.diagnostics.widgets import clock_of, key, plain

if TYPE_CHECKING:
    from datatools_audit.reading.query import Bar, SessionSummary
    from datatools_audit.reading.steps import Step
    from datatools_audit.reading.view import View
    from streamlit_ext.diagnostics.link import Link
    from streamlit_ext.diagnostics.source import Source

COLOURS = {
    "debug": "#9aa0a6",
    "info": "#4c8bf5",
    "warning": "#e8a317",
    "error": "#d93025",
    "critical": "#7b1fa2",
}
_ORDER = {level: place for place, level in enumerate(reversed(COLOURS))}
_MOST_STEPS = 500
_MOST_RECORDS = 5_000
_BEFORE = 20
_DAY_SECONDS = 86_400
_MINUTES_SECONDS = 1_200


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the timeline shows.

    Attributes:
        bars: Events by time and level.
        sessions: The sessions in it, the newest first.
        named: The session of the support code in the address, where there is one.
    """

    bars: list[Bar]
    sessions: list[SessionSummary]
    named: str | None = None


def read(source: Source, chosen: Span, code: str | None = None) -> Timeline:
    """Read the bars of the days and the sessions of the part. Raises ``LogUnavailableError``."""

    def work(view: View) -> Timeline:
        whole = Filter(days=source.days, without=("debug",))
        part = Filter(days=source.days, since=chosen.since, until=chosen.until)
        named = view.rows(Filter(days=source.days, codes=(code,)), limit=1) if code else []
        session = str(named[0]["session"]) if named else None
        return Timeline(view.histogram(whole), view.sessions(part), session)

    return source.ask(work)


def chosen_span(source: Source) -> Span:
    """Return the part of the time that is chosen now; what was typed counts before the brush."""
    since, until = (st.session_state.get(key(name)) for name in ("since", "until"))
    if len(source.days) == 1 and (since or until):
        return span.of_clock(source.days[0], since, until)
    chart: Any = st.session_state.get(key("chart")) or {}
    return span.of_brush(chart.get("selection") or {})


@dataclass(slots=True)
class Shown:
    """Which session the steps are of, once they are drawn."""

    session: str | None


def draw(source: Source, link: Link, shown: Shown) -> None:
    """Draw the day's bars and below them the steps. Raises ``LogUnavailableError``."""
    chosen = chosen_span(source)
    found = read(source, chosen, link.code)
    draw_chart(found.bars, source)
    shown.session = draw_steps(found, source, link, chosen) or link.session


def draw_chart(bars: list[Bar], source: Source) -> None:
    """Draw the bars, and the two ways to choose a part of them."""
    rows = _stacked(bars)
    if not rows:
        return
    st.vega_lite_chart(_chart(rows), on_select="rerun", key=key("chart"))
    _draw_chosen(source)
    if len(source.days) != 1:
        st.markdown("Drag over the chart to choose a part of the time.")
        return
    first, second, last = st.columns([2, 2, 3], vertical_alignment="bottom")
    first.time_input("From", value=None, key=key("since"), step=60)
    second.time_input("To", value=None, key=key("until"), step=60)
    last.markdown("Drag over the chart, or type two clock times, to choose a part of the day.")


def _stacked(bars: list[Bar]) -> list[dict[str, Any]]:
    """Return the bars of each part of the time as rectangles, one level upon the other."""
    height: Counter[str] = Counter()
    rows = []
    for bar in sorted(bars, key=lambda bar: (bar.ts, _ORDER.get(bar.level, -1))):
        begin, end, low = chart_time(bar.ts), chart_time(bar.until), height[bar.ts]
        height[bar.ts] += bar.count
        if begin is not None and end is not None:
            row = {"time": begin, "until": end, "level": bar.level, "events": bar.count}
            rows.append({**row, "low": low, "high": low + bar.count})
    return rows


def _draw_chosen(source: Source) -> None:
    """Say which part of the time is chosen, and let it be undone."""
    chosen = chosen_span(source)
    if chosen.is_all:
        return
    dated = len(source.days) != 1
    since, until = (
        clock_of(end, dated=dated).partition(".")[0] for end in (chosen.since, chosen.until)
    )
    if since and until and chosen.since >= chosen.until:
        st.warning("From is behind To: nothing lies between them.", icon=":material/schedule:")
    st.button(
        f"From {since or 'the beginning'} to {until or 'the end'}: show all of the time again",
        key=key("clear_span"),
        icon=":material/close:",
        on_click=_choose_all,
    )


def _choose_all() -> None:
    for name in ("since", "until", "chart"):
        st.session_state.pop(key(name), None)


def _chart(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the bars as Vega-Lite takes them; altair would write the same, and loads for long."""
    levels = [level for level in COLOURS if any(row["level"] == level for row in rows)]
    axis = {"format": _axis_format(rows), "labelOverlap": True, "tickCount": 8}
    return {
        "data": {"values": _values(rows)},
        "mark": "rect",
        "height": 180,
        "params": [{"name": "brush", "select": {"type": "interval", "encodings": ["x"]}}],
        "encoding": {
            "x": _encoded("time", "temporal", None, scale={"type": "utc"}, axis=axis),
            "x2": {"field": "until"},
            "y": _encoded("low", "quantitative", "Events", axis={"tickMinStep": 1}),
            "y2": {"field": "high"},
            "color": _encoded(
                "level",
                "nominal",
                None,
                sort=levels,
                scale={"domain": levels, "range": [COLOURS[level] for level in levels]},
                legend={"orient": "top"},
            ),
            "tooltip": [
                _encoded("time", "temporal", "From", format="%H:%M:%S"),
                _encoded("until", "temporal", "To", format="%H:%M:%S"),
                _encoded("level", "nominal", "level"),
                _encoded("events", "quantitative", "events"),
            ],
        },
    }


def _encoded(field: str, kind: str, title: str | None, **more: object) -> dict[str, object]:
    return {"field": field, "type": kind, "title": title, **more}


def _axis_format(rows: list[dict[str, Any]]) -> str:
    seconds = (rows[-1]["time"] - rows[0]["time"]).total_seconds()
    if seconds > _DAY_SECONDS:
        return "%d %b %H:%M"
    return "%H:%M" if seconds > _MINUTES_SECONDS else "%H:%M:%S"


def _values(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    times = ("time", "until")
    return [{**row, **{name: row[name].isoformat() for name in times}} for row in rows]


def draw_steps(found: Timeline, source: Source, link: Link, chosen: Span) -> str | None:
    """Draw what one session did, step by step; return the session that is shown."""
    ids = [each.session for each in found.sessions]
    if not ids:
        when = "in this part of the time." if not chosen.is_all else "yet. Use the app, then look."
        st.info(f"Nothing was done {when}", icon=":material/filter_alt_off:")
        return None
    said = {each.session: _said(each, source) for each in found.sessions}
    asked = found.named or link.session
    first = asked if asked in ids else source.access.own
    session = ids[0]
    if st.session_state.get(key("session")) not in ids:
        st.session_state.pop(key("session"), None)
    if len(ids) > 1:
        chosen_id = st.selectbox(
            "Session",
            ids,
            index=ids.index(first) if first in ids else 0,
            format_func=lambda each: said.get(each, each),
            key=key("session"),
            help="One for each browser window that was opened, and one for the app itself.",
        )
        session = chosen_id or session
    part = Filter(days=source.days, sessions=(session,), since=chosen.since, until=chosen.until)
    all_steps, is_cut = source.ask(lambda view: _steps_of(view, part))
    errors = [step for step in all_steps if step.level in ERRORS and (step.traceback or step.code)]
    shown, opened = _narrowed(all_steps, errors, link)
    if not shown:
        st.info("No step was recorded in this part of the time.", icon=":material/footprint:")
        return session
    if is_cut:
        st.markdown(f"Of the newest {_MOST_RECORDS:,} records of this session.")
    if len(shown) > _MOST_STEPS:
        st.markdown(f"The newest {_MOST_STEPS} of {len(shown):,} steps. Choose a part of the time.")
    st.html(as_html(shown[-_MOST_STEPS:], opened=opened))
    return session


def _steps_of(view: View, part: Filter) -> tuple[list[Step], bool]:
    records = view.rows(part, limit=_MOST_RECORDS + 1)
    newest = records[:_MOST_RECORDS]
    return steps(newest, alive=(recorder.proc,), is_cut=bool(part.until)), len(records) > len(
        newest
    )


def _narrowed(all_steps: list[Step], errors: list[Step], link: Link) -> tuple[list[Step], int]:
    """Return the steps to show: all, or an error that somebody chooses with those before it.

    And the number of that error, 0 for none.
    """
    if not errors:
        return all_steps, 0
    names = {step.number: _error_name(step) for step in reversed(errors)}
    linked = next((step.number for step in errors if link.code in step.codes), 0)
    number = st.selectbox(
        "Show",
        [0, *names],
        index=[0, *names].index(linked),
        format_func=lambda each: (
            f"The {_BEFORE} steps up to {names[each]}" if each else "All steps"
        ),
        key=key("before"),
    )
    if not number:
        return all_steps, 0
    return before(all_steps, number, _BEFORE) + all_steps[number - 1 : number], number


def _error_name(step: Step) -> str:
    said = " ".join(filter(None, [clock(step.ts), plain(step.code), f"step {step.number}"]))
    return f"the error at {said}"


def _said(each: SessionSummary, source: Source) -> str:
    whose = " (yours)" if each.session == source.access.own else ""
    first, last = (clock_of(ts, dated=len(source.days) != 1) for ts in (each.first, each.last))
    errors = f", {count(each.errors, 'error')}" if each.errors else ""
    span_of = f"{first.partition('.')[0]} to {last.partition('.')[0]}"
    return f"{each.session}{whose}: {span_of}, {count(each.events, 'event')}{errors}"
