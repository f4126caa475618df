"""What is asked for: by the address, or by a support code that somebody was shown or told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from datatools_audit.reading.query import Filter
from streamlit_ext.codes import as_code, support_code
from streamlit_ext.diagnostics import link
from streamlit_ext.diagnostics.link import Link
from streamlit_ext.diagnostics.source import Source
from streamlit_ext.diagnostics.widgets import clock_of, key, plain

if TYPE_CHECKING:
    from datatools_audit import Record
    from datatools_audit.reading.view import View
    from streamlit_ext.diagnostics.access import Access

_LED_TO = "code led to"


def draw(access: Access, today: str, user: str | None) -> Link:
    """Draw the field for a code, and what is found by it; return what is asked for.

    A code is looked for in every kept day. Where it is new the day and the session of its
    record are chosen, as if somebody had done so by hand.

    Args:
        access: What the visitor may see.
        today: The local date.
        user: The pseudonym of who has signed in.

    Raises:
        LogUnavailableError: See ``within``.
    """
    asked = link.read()
    if asked.session not in (None, access.own) and not access.sees_all:
        st.info(
            "The address names another session. This page shows yours only.",
            icon=":material/lock:",
        )
    code = _typed(user) or asked.code
    if code is None:
        return asked
    record = _found(code, access, today, user)
    if record is None:
        _say_unknown(code, access)
        return Link(asked.day, asked.session, code)
    day, session = record.source.name[10:20], str(record.get("session") or "")
    if st.session_state.get(key(_LED_TO)) != code:
        st.session_state[key(_LED_TO)] = code
        st.session_state[key("day")] = day
        st.session_state[key("session")] = session
        st.session_state.pop(key("before"), None)
    what = plain(record.get("exc_type") or record.get("category"))
    st.success(
        f"{code} is found: {what}, {clock_of(str(record.get('ts')), dated=True)[:19]}, session "
        f"{plain(session)}. What led to it is under Timeline.",
        icon=":material/search:",
    )
    return Link(day, session, code)


def _typed(user: str | None) -> str | None:
    """Draw the field; return the code that stands in it."""
    field, said = st.columns([2, 5], vertical_alignment="bottom")
    given = field.text_input(
        "Support code", key=key("typed_code"), placeholder="E-7K3F9Q", max_chars=12
    )
    if user is not None:
        said.markdown("Earlier sessions of yours are shown too, because you have signed in.")
    elif support_code() is None:
        said.markdown(
            "Did you reload the page after an error? A reload begins a new session, which knows "
            "nothing of it. If the error box showed a support code, type it here."
        )
    code = as_code(given or "")
    if given and code is None:
        st.warning("That is no support code. One looks like E-7K3F9Q.", icon=":material/edit:")
    return code


def _found(code: str, access: Access, today: str, user: str | None) -> Record | None:
    for days in ((today,), ()):  # nearly always today: the other days have to be read first
        wanted = Filter(days=days, codes=(code,))
        source = Source(access, days, user, every_app=True)
        found = source.ask(partial(_newest, wanted))
        if found is not None:
            return found
    return None


def _newest(wanted: Filter, view: View) -> Record | None:
    return next(iter(view.rows(wanted, limit=1)), None)


def _say_unknown(code: str, access: Access) -> None:
    if access.sees_all:
        st.warning(f"No log that is kept has {code}.", icon=":material/search_off:")
    else:
        st.info(
            f"{code} is not of this session. It goes along with your report and your bundle, and "
            "whoever helps you finds the error by it.",
            icon=":material/search_off:",
        )
