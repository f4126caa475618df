"""Every record as a row: filtered and sorted where the log is, a page of it sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import streamlit as st

from datatools_audit.reading.query import Filter
from datatools_audit.record.levels import LEVELS
from datatools_audit.redaction.always import in_use
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.support.choosing import redacted
from datatools_audit.support.table import as_csv, cell
from streamlit_ext.diagnostics.handover import record_rows
from streamlit_ext.diagnostics.widgets import clock_of, draw_download, key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datatools_audit import Record
    from datatools_audit.context import Session
    from datatools_audit.reading.view import View
    from streamlit_ext.diagnostics.source import Source
    from streamlit_ext.diagnostics.span import Span

SHOWN_ROWS = 1_000
COLUMNS = ("Time", "Level", "Category", "Page", "Message", "Details", "Session")
_ORDERS = {
    "Newest first": ("ts", True),
    "Oldest first": ("ts", False),
    "Level": ("level", True),
    "Category": ("category", False),
    "Page": ("page", False),
    "Message": ("message", False),
}
_HEAD = frozenset({"ts", "level", "category", "session", "message", "proc", "seq", "page"})
_LONG = frozenset({"phase", "action_id", "parent_id", "exc_type", "exc_message", "traceback"})
_SHOWN = "shown rows"
_CHOSEN = "chosen row"
_CSV_NAME = "datatools-rows.csv"
_NO_RECORD = "<left out: this line is no record of ours>"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that are sent.

    Attributes:
        records: At most ``SHOWN_ROWS``.
        found: How many pass the filters.
    """

    records: list[Record]
    found: int


def read(source: Source, wanted: Filter, order: str) -> Rows:
    """Read a page of the table. Raises ``LogUnavailableError``."""
    by, descending = _ORDERS[order]

    def work(view: View) -> Rows:
        found = view.rows(wanted, order_by=by, descending=descending, limit=SHOWN_ROWS)
        totals = view.totals(wanted)
        return Rows(found, totals.events + totals.problems)

    return source.ask(work)


def draw(source: Source, chosen: Span, asking: Session) -> None:
    """Draw the filters and what passes them."""
    wanted, order, columns = _draw_filters(source, chosen)
    if not chosen.is_all:
        st.markdown("Only the part of the time that is chosen under Timeline.")
    rows = read(source, wanted, order)
    if not rows.records:
        st.info("No record passes these filters.", icon=":material/filter_alt_off:")
        return
    st.markdown(_counted(rows, wanted))
    st.session_state[key(_SHOWN)] = [_identity(record) for record in rows.records]
    dated = len(source.days) != 1
    st.dataframe(
        [row(record, columns, dated=dated) for record in rows.records],
        hide_index=True,
        key=key("table"),
        on_select=_remember_choice,
        selection_mode="single-row",
    )
    draw_download(
        "Download these rows as CSV",
        _CSV_NAME,
        "text/csv",
        give=partial(redacted_csv, rows.records),
        tell=partial(record_rows, len(rows.records), _CSV_NAME, asking),
        part="csv",
        hint="Redacted as a bundle is.",
    )
    chosen_row = st.session_state.get(key(_CHOSEN))
    for record in rows.records:
        if chosen_row is not None and _identity(record) == chosen_row:
            draw_record(record)
            break


def redacted_csv(records: Iterable[Record]) -> bytes:
    """Return records as a CSV for spreadsheets: redacted as a bundle is, and no cell of it acts.

    A line that is no record of ours is a row that says so, and nothing of it.
    """
    return as_csv(
        {"message": _NO_RECORD} if record is None else record
        for record in redacted(records, Redactor(in_use()))
    )


def _draw_filters(source: Source, chosen: Span) -> tuple[Filter, str, tuple[str, ...]]:
    days = Filter(days=source.days)
    offered = source.ask(
        lambda view: {name: view.choices(days, name) for name in ("category", "page", "session")}
    )
    names = {name: [value for value, _ in found] for name, found in offered.items()}
    first, second, third = st.columns(3)
    levels = first.multiselect("Level", LEVELS, key=key("levels"), placeholder="All but debug")
    categories = second.multiselect(
        "Category", names["category"], key=key("categories"), placeholder="All categories"
    )
    text = third.text_input(
        "Search", key=key("search"), placeholder="A word, a file name, an error"
    )
    with st.expander("More filters, order and columns"):
        first, second = st.columns(2)
        pages = first.multiselect("Page", names["page"], key=key("pages"), placeholder="All pages")
        sessions = second.multiselect(
            "Session",
            names["session"],
            key=key("sessions"),
            placeholder="All sessions",
        )
        order = first.selectbox("Order", list(_ORDERS), key=key("order")) or "Newest first"
        columns = second.multiselect(
            "Columns",
            COLUMNS,
            default=COLUMNS if source.access.sees_all else COLUMNS[:-1],
            key=key("columns"),
        )
    wanted = Filter(
        days=source.days,
        levels=tuple(levels),
        without=() if levels or categories else ("debug",),
        categories=tuple(categories),
        sessions=tuple(sessions),
        pages=tuple(pages),
        since=chosen.since,
        until=chosen.until,
        text=text.strip(),
    )
    return wanted, order, tuple(columns)


def _counted(rows: Rows, wanted: Filter) -> str:
    if len(rows.records) < rows.found:
        said = f"{len(rows.records):,} of {rows.found:,} records. Narrow it with the filters."
    else:
        said = f"{rows.found:,} records. Choose a row to see all of it."
    return said + (" Those of level debug are left out." if wanted.without else "")


def _remember_choice() -> None:
    """Keep which record was chosen: its row moves when others come."""
    event: Any = st.session_state.get(key("table")) or {}
    shown = st.session_state.get(key(_SHOWN)) or []
    numbers = (event.get("selection") or {}).get("rows") or [None]
    number = numbers[0]  # what a browser sends may be anything
    is_there = type(number) is int and 0 <= number < len(shown)
    st.session_state[key(_CHOSEN)] = shown[number] if is_there else None


def _identity(record: Record) -> tuple[str, int]:
    return str(record.source), record.offset


def row(
    record: Record, columns: tuple[str, ...] = COLUMNS, *, dated: bool = False
) -> dict[str, object]:
    """Return a record as a row of the table: texts only, so that nothing in it acts."""
    cells = {
        "Time": clock_of(_text(record, "ts"), dated=dated),
        "Level": _text(record, "level"),
        "Category": _text(record, "category"),
        "Page": _text(record, "page"),
        "Message": _text(record, "message"),
        "Details": details(record),
        "Session": _text(record, "session"),
    }
    return {name: cell(value) for name, value in cells.items() if name in columns}


def details(record: Record) -> str:
    """Return the extras in short, without what the message says or the whole record shows."""
    rest = {k: v for k, v in record.items() if k not in _HEAD | _LONG}
    return ", ".join(
        f"{name}: {value if isinstance(value, str) else _json(value)}"
        for name, value in rest.items()
    )


def draw_record(record: Record) -> None:
    """Draw all of a record, its traceback as one and before the rest."""
    traceback = record.get("traceback")
    rest = dict(record)
    if isinstance(traceback, str) and traceback:
        st.code(traceback, language="python", wrap_lines=True)
        del rest["traceback"]
    st.code(_json(rest, orjson.OPT_INDENT_2), language="json", wrap_lines=True)


def _json(value: object, option: int = 0) -> str:
    """Return a value as JSON; of what is nested too deep for it a sentence."""
    try:
        return orjson.dumps(value, option=option).decode()
    except (orjson.JSONEncodeError, RecursionError):
        return "nested too deep to be shown"


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    return "" if value is None else str(value)
