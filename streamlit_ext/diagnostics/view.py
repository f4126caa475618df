"""The Diagnostics page: its parts in their order.

Everything from the log is drawn as text: in a table of texts, as code, or escaped; never as
Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from datatools_audit.recorder import recorder
from datatools_audit.writer.spool import local_day
from streamlit_ext.diagnostics import (
    asking,
    bundling,
    contents,
    handover,
    link,
    overview,
    table,
    timeline,
)
from streamlit_ext.diagnostics.access import Access, Scope, granted
from streamlit_ext.diagnostics.link import Link
from streamlit_ext.diagnostics.source import LogUnavailableError, Source, kept_days, settle
from streamlit_ext.diagnostics.widgets import draw_download, key, plain
from streamlit_ext.hooks.runs import hush_fragments
from streamlit_ext.page import open_page_without_name
from streamlit_ext.policy import policy
from streamlit_ext.report import report_problem
from streamlit_ext.session import current, use_sessions
from streamlit_ext.visitor import present_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datatools_audit.context import Session

    Extra = Callable[[], Mapping[str, object]]

SLUG = "diagnostics"
FOLLOW_SECONDS = 2.0
BUNDLE_BYTES = 10 << 20
_ALL_DAYS = "All kept days"
_KEPT = {
    "shape": "What you type and what is in your files is not recorded",
    "choices": "What you choose among what the app offers is recorded, what you type and what is "
    "in your files is not",
    "all": "What you choose and type is recorded, but no password, and not what is in your files",
}
"""What the page promises, by how much of a widget's value is recorded."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What one drawing of the page is about."""

    scope: Scope
    session: Session
    address: str
    environment: Extra | None
    bundle_bytes: int


def diagnostics_page(
    *,
    scope: Scope = "session",
    address: str = "",
    environment: Extra | None = None,
    bundle_bytes: int = BUNDLE_BYTES,
) -> None:
    """Draw the Diagnostics page: what was recorded, its health, and the ways to hand it over.

    Call it from a page's script, or give ``st.Page`` a function that does.

    Args:
        scope: ``session``: a visitor sees and downloads the own session only. ``all``: the
            whole log, for a desktop app; a visitor over a network gets the session all the
            same. A callable: asked for each visitor, answers True for who may see all.
        address: Where a report goes, as the person reads it: an e-mail address, a link.
        environment: Called for what the app wants in a bundle's ``environment.json``.
        bundle_bytes: The most bytes of records in a bundle; the oldest are left out.

    Raises:
        ValueError: The scope is none of these.
    """
    use_sessions()
    open_page_without_name(SLUG)
    session = current() or recorder.process_session
    page = _Page(scope, session, address, environment, bundle_bytes)
    access = granted(scope, session.id)  # here too, for what is wrong with it is said at once
    st.title("Diagnostics", anchor=False)
    st.markdown(
        "What this app has recorded, step by step. It stays on this computer until you "
        f"save it and send it to somebody. {_KEPT[policy().values]}; the text of an error can "
        "quote a piece of it."
    )
    if access.notice:
        st.info(access.notice, icon=":material/lock:")
    follows = st.toggle("Follow the log", key=key("live"), help="Shows what happens as it happens.")

    def draw() -> None:
        _draw(page)

    st.fragment(draw, run_every=FOLLOW_SECONDS if follows else None)()
    hush_fragments()


def _draw(page: _Page) -> None:
    access = granted(page.scope, page.session.id)  # each time: it may have been withdrawn
    is_written = settle()
    overview.draw_health(access, is_written=is_written)
    user = present_user(page.session)
    try:
        asked = asking.draw(access, local_day(recorder.now()), user)
        source = _source(access, asked, user)
        glance = overview.read(source)
        others = source.others()
    except LogUnavailableError as error:
        _draw_unavailable(error, access)
        report_problem(address=page.address, key="on_diagnostics")
        return
    overview.draw_glance(glance, source)
    if source.every_app or others:
        st.toggle(
            "Show other apps that share this folder",
            key=key("every_app"),
            help="Several apps of one person write to one log. This page shows its own.",
        )
    shown = timeline.Shown(asked.session)
    parts: dict[str, Callable[[], None]] = {
        "Timeline": lambda: timeline.draw(source, asked, shown),
        "Table": lambda: table.draw(source, timeline.chosen_span(source), page.session),
        "Errors": lambda: overview.draw_errors(glance, source),
        "Hand over": lambda: _draw_hand_over(page, source),
        "What is recorded": lambda: contents.draw(source),
    }
    draw_log_download(source, page.session)
    for tab, draw in zip(st.tabs(list(parts)), parts.values(), strict=True):
        with tab:
            try:
                draw()
            except LogUnavailableError as error:
                _draw_unavailable(error, access)
    day = source.days[0] if len(source.days) == 1 else link.ALL
    link.write(Link(day, shown.session if access.sees_all else None, asked.code))


def _draw_hand_over(page: _Page, source: Source) -> None:
    report_problem(address=page.address, key="on_diagnostics")
    chosen = timeline.chosen_span(source)
    bundling.draw(source, chosen, page.session, page.environment, page.bundle_bytes)


def draw_log_download(source: Source, asking: Session) -> None:
    """Draw the button that saves the day's file, or the visitor's own lines of it."""
    is_today = source.days[0] == local_day(recorder.now())
    whole = "Download today's log" if is_today else f"Download the log of {source.days[0]}"
    draw_download(
        whole if source.access.sees_all else "Download my session's log",
        handover.file_name(source),
        "application/x-ndjson",
        give=partial(handover.log_bytes, source),
        tell=partial(handover.record_hand_over, source, asking),
        part="download",
        hint="One line of JSON for each event, nothing redacted.",
    )


def _source(access: Access, asked: Link, user: str | None) -> Source:
    today = local_day(recorder.now())
    kept = [day for day in kept_days() if day != today]
    names = [today, *kept, *([_ALL_DAYS] if kept else [])]
    wanted = _ALL_DAYS if asked.day == link.ALL else asked.day or today
    if wanted not in names and asked.day != link.ALL:
        st.warning(f"No log of {plain(wanted)} is kept any more.", icon=":material/event_busy:")
    chosen = today
    if st.session_state.get(key("day")) not in names:
        st.session_state.pop(key("day"), None)
    if kept:
        chosen = (
            st.selectbox(
                "Day",
                names,
                index=names.index(wanted) if wanted in names else 0,
                key=key("day"),
                format_func=lambda name: f"Today, {name}" if name == today else name,
            )
            or today
        )
        chosen = chosen if chosen in names else today
    every_app = access.sees_all and bool(st.session_state.get(key("every_app")))
    days = (today, *kept) if chosen == _ALL_DAYS else (chosen,)
    return Source(access, days, user, every_app=every_app)


def _draw_unavailable(error: LogUnavailableError, access: Access) -> None:
    st.error("The log cannot be shown now.", icon=":material/error:")
    if access.sees_all:  # it may name the folder
        st.text(str(error))
