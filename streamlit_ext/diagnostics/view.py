"""The Diagnostics page: draws what ``model`` says.

Everything from the log is drawn as text: in a table of texts or as code, never as Markdown.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from datatools_audit import audit_log_path, audit_stats
from datatools_audit._process import shared
from datatools_audit.recorder import recorder
from streamlit_ext._compat import can_defer_downloads
from streamlit_ext.diagnostics import model
from streamlit_ext.diagnostics.access import Scope, granted
from streamlit_ext.elements import OWN_DOWNLOAD
from streamlit_ext.instrumentation import Instrumentation
from streamlit_ext.page import open_page
from streamlit_ext.session import current, use_sessions

if TYPE_CHECKING:
    from datatools_audit import AuditStats, Record
    from datatools_audit.context import Session

KEY = "_datatools_audit_"
SLUG = "diagnostics"
_SHOWN_ERRORS = 10
_BADGES = {
    "healthy": (":material/check_circle:", st.success),
    "degraded": (":material/warning:", st.warning),
    "off": (":material/pause_circle:", st.info),
}


def diagnostics_page(*, scope: Scope = "session") -> None:
    """Draw the Diagnostics page: today's log, its health, and the button to hand it over.

    Call it from a page's script, or give ``st.Page`` a function that does.

    Args:
        scope: ``session``: a visitor sees and downloads the own session only. ``all``: the
            whole log, for a desktop app; a visitor over a network gets the session all the
            same. A callable: asked for each visitor, answers True for who may see all.

    Raises:
        ValueError: The scope is none of these.
    """
    use_sessions()
    open_page(SLUG)
    session = current() or recorder.process_session
    given, notice = granted(scope)
    sees_all = given == "all"
    st.title("Diagnostics", anchor=False)
    st.caption(
        "What this app has recorded today, step by step. It stays on this computer until you "
        "download it and send it to somebody. What you type and what is in your files is not "
        "recorded; the text of an error can quote a piece of it."
    )
    if notice:
        st.info(notice, icon=":material/lock:")
    try:
        every_app = _asks_for_every_app(sees_all)
        view = model.read_today(None if sees_all else session.id, every_app=every_app)
    except model.LogUnavailableError as error:
        st.error("The log cannot be shown now.", icon=":material/error:")
        if sees_all:  # it may name the folder
            st.text(str(error))
        _draw_hand_over(session, sees_all=sees_all)
        return
    stats = audit_stats()
    _draw_health(stats, sees_all=sees_all)
    _draw_numbers(view, stats, sees_all=sees_all)
    _draw_hand_over(session, sees_all=sees_all)
    _draw_table(view, sees_all=sees_all)
    _draw_errors(view)
    if sees_all:
        _draw_about(view, stats)


def _asks_for_every_app(sees_all: bool) -> bool:  # noqa: FBT001 -- one argument, named
    return sees_all and bool(st.session_state.get(f"{KEY}every_app"))


def _draw_health(stats: AuditStats, *, sees_all: bool) -> None:
    health = model.health(stats, sees_all=sees_all)
    icon, draw = _BADGES[health.state]
    draw(f"**{health.state.capitalize()}.** {health.sentence}", icon=icon)


def _draw_numbers(view: model.LogView, stats: AuditStats, *, sees_all: bool) -> None:
    whose = "today" if sees_all else "in your session today"
    numbers = {f"Events {whose}": f"{view.events:,}", f"Errors {whose}": f"{view.errors:,}"}
    if sees_all:
        numbers["Lost"] = f"{stats.dropped:,}"
        numbers["Size of the log"] = _size(view.size_bytes)
    for column, (label, value) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(label, value, border=True)
    if view.problems:
        st.warning(
            f"{view.problems} lines are no whole records: a process was stopped while it wrote. "
            "They are in the table under the category audit.",
            icon=":material/content_cut:",
        )


def _draw_hand_over(session: Session, *, sees_all: bool) -> None:
    of = None if sees_all else session
    data: Any
    on_click: Any
    try:
        if can_defer_downloads():
            data, on_click = partial(model.hand_over, of, session), "ignore"
        else:  # the bytes have to be there before the click
            data, on_click = model.log_bytes(of), partial(model.record_hand_over, of, session)
    except model.LogUnavailableError as error:
        st.text(str(error))
        return
    st.download_button(
        "Download today's log" if sees_all else "Download my session's log",
        data=data,
        file_name=model.extract_name(of),
        mime="application/x-ndjson",
        key=OWN_DOWNLOAD,
        help="One line of JSON for each event. Send this file to whoever helps you.",
        on_click=on_click,
        type="primary",
        icon=":material/download:",
    )


def _draw_table(view: model.LogView, *, sees_all: bool) -> None:
    st.subheader("What happened", anchor=False)
    if view.other_apps or _asks_for_every_app(sees_all):
        st.toggle(
            "Show other apps that share this folder",
            key=f"{KEY}every_app",
            help="Several apps of one person write to one log. This page shows its own.",
        )
    if not view.records:
        st.info("Nothing has been recorded today yet.", icon=":material/hourglass_empty:")
        return
    level_column, category_column, search_column = st.columns(3)
    levels = level_column.multiselect(
        "Level", model.LEVELS, key=f"{KEY}levels", placeholder="All but debug"
    )
    categories = category_column.multiselect(
        "Category", view.categories(), key=f"{KEY}categories", placeholder="All categories"
    )
    search = search_column.text_input(
        "Search", key=f"{KEY}search", placeholder="A word, a file name, a page"
    )
    found = model.matching(view.records, levels, categories, search)
    if not found:
        st.info("No record passes these filters.", icon=":material/filter_alt_off:")
        return
    shown = found[: model.SHOWN_ROWS]
    is_narrowed = levels or categories or search
    st.caption(_counted(view, found, shown, 0 if is_narrowed else len(view.records) - len(found)))
    rows = [model.row(record, with_session=sees_all) for record in shown]
    event = st.dataframe(
        rows,
        hide_index=True,
        key=f"{KEY}table",
        on_select="rerun",
        selection_mode="single-row",
    )
    for number in event["selection"]["rows"][:1]:
        if number < len(shown):
            _draw_record(shown[number])


def _counted(view: model.LogView, found: list[Record], shown: list[Record], hidden: int) -> str:
    said = f"{len(found):,} records, newest first. Choose a row to see all of it."
    if len(shown) < len(found):
        said = f"The newest {len(shown):,} of {len(found):,} records. Narrow it with the filters."
    if hidden:
        said += f" {hidden:,} of level debug are left out."
    if view.events + view.problems > len(view.records):
        said += f" Searched: the newest {len(view.records):,} of today; the download has all."
    return said


def _draw_record(record: Record) -> None:
    st.code(
        json.dumps(dict(record), indent=2, ensure_ascii=False), language="json", wrap_lines=True
    )
    _draw_traceback(record)


def _draw_errors(view: model.LogView) -> None:
    errors = [r for r in view.records if r.get("traceback")]
    if not errors:
        return
    st.subheader("Errors", anchor=False)
    if len(errors) > _SHOWN_ERRORS:
        st.caption(f"The newest {_SHOWN_ERRORS} of {len(errors):,}.")
    for number, record in enumerate(errors[:_SHOWN_ERRORS]):
        kind = re.sub(r"\W", "", str(record.get("exc_type", "Error")))
        time = model.local_time(str(record.get("ts", "")))
        code = re.sub("[^0-9A-Z-]", "", str(record.get("support_code", "")))
        label = f"{re.sub('[^0-9:.]', '', time)} {kind} {code}".rstrip()
        with st.expander(label, expanded=number == 0, icon=":material/error:"):
            st.text(str(record.get("message", "")))
            _draw_traceback(record)


def _draw_traceback(record: Record) -> None:
    traceback = record.get("traceback")
    if isinstance(traceback, str) and traceback:
        st.code(traceback, language="python", wrap_lines=True)


def _draw_about(view: model.LogView, stats: AuditStats) -> None:
    with st.expander("About this log", icon=":material/info:"):
        st.text("Today's file. Copy the path to open its folder:")
        st.code(str(audit_log_path()), language=None, wrap_lines=True)
        rows = {
            "Queued": f"{stats.queued:,}",
            "Written": f"{stats.written:,}",
            "Waiting": f"{stats.queue_depth:,}",
            "Dropped": f"{stats.dropped:,} {dict(stats.dropped_reasons) or ''}".strip(),
            "Failed writes": f"{stats.failed_writes:,}",
            "Last error": stats.last_error or "none",
            "Flight recorder": stats.flight_recorder,
            "Recovered of dead processes": f"{stats.recovered:,}",
            "Size of the file": _size(view.size_bytes),
            "Writer": "running" if stats.writer_alive else "not running",
            "Own failures": ", ".join(f"{k} ({v})" for k, v in stats.internal_failures.items())
            or "none",
        }
        for status in shared("instrumentation", Instrumentation).status().values():
            state = "active" if status.active else "unavailable"
            rows[f"Hears {status.name}"] = f"{state} ({status.detail})"
        st.dataframe(
            [{"What": what, "State": said} for what, said in rows.items()], hide_index=True
        )


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
