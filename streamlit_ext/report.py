"""A person says what went wrong: into the log, with a code, and how to send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from datatools_audit.guard import guard
from datatools_audit.recorder import recorder
from datatools_audit.redaction.always import without_secrets
from streamlit_ext.codes import as_code, new_code, support_code
from streamlit_ext.elements import OWN
from streamlit_ext.hooks.runs import hush_fragments
from streamlit_ext.session import current, use_sessions

if TYPE_CHECKING:
    from datatools_audit.context import Session

_MOST_CHARACTERS = 4_000
_REPORTED = "reported"


def report_problem(
    label: str = "Report a problem", *, address: str = "", key: str | None = None
) -> None:
    """Draw a button that asks what happened and says how to send it.

    What is written goes into the log as a record of category ``report``, with a code, the
    present page and the code of the session's last error; then the steps to send it follow.

    Args:
        label: What the button says.
        address: Where the report goes, as the person reads it: an e-mail address, a link.
        key: Of the button, where a page has several.

    Threads: that of the script's run.
    """
    use_sessions()
    name = f"{OWN}report_{key or label}"
    st.button(label, key=name, icon=":material/flag:", on_click=_open, args=(name, address))


def _open(name: str, address: str) -> None:
    """Open the dialog by the click itself.

    The button may stand in an error box, and not be drawn again by the run that follows it.
    """
    st.session_state.pop(name + _REPORTED, None)
    st.session_state.pop(f"{OWN}own_preview", None)
    st.dialog("Report a problem", width="large")(_ask)(name, address)
    hush_fragments()


def _ask(name: str, address: str) -> None:
    code = st.session_state.get(name + _REPORTED)
    if code is not None:
        _draw_how_to_send(str(code), address)
        return
    session = current() or recorder.process_session
    if session.muted or not recorder.records("no-events"):
        st.warning(
            "Nothing is recorded here, so a report would go nowhere. Write directly to whoever "
            "helps you with this app" + (":" if address else "."),
            icon=":material/pause_circle:",
        )
        if address:
            st.code(address, language=None, wrap_lines=True)
        return
    text = st.text_area(
        "What happened?",
        key=f"{name}_text",
        max_chars=_MOST_CHARACTERS,
        placeholder="What you did, what you saw, what you expected",
        help="What you write here goes into the log.",
    )
    just_now = st.checkbox("It happened just now", value=True, key=f"{name}_now")
    error_code = as_code(str(st.session_state.get(f"{OWN}typed_code") or ""))
    error_code = error_code or support_code() or ""
    if error_code:
        st.markdown(f"It will name the support code of your last error, {error_code}.")
    if st.button("Report", key=f"{name}_send"):
        if not text.strip():
            st.error("Say in a few words what happened.", icon=":material/edit:")
            return
        st.session_state[name + _REPORTED] = record_report(
            text, just_now=just_now, error_code=error_code
        )
        st.rerun(scope="fragment")


def record_report(text: str, *, just_now: bool = False, error_code: str = "") -> str:
    """Record what a person says went wrong, and return the report's code.

    Args:
        text: In their words; secrets in it are not recorded.
        just_now: Whether it happened just now.
        error_code: The support code of the error that it is about, if there is one.
    """
    session: Session = current() or recorder.process_session
    code = new_code(None)
    fields: dict[str, object] = {"support_code": code, "just_now": just_now}
    if error_code:
        fields["error_code"] = error_code
    with guard("report"):
        if not recorder.records("no-events"):
            return code
        fields["text"] = without_secrets(text.strip()[:_MOST_CHARACTERS])
        recorder.emit("info", "report", "Reported a problem", fields, {}, session)
    return code


def _draw_bundle(code: str) -> None:
    from streamlit_ext.diagnostics import bundling  # with all that reads the log
    from streamlit_ext.diagnostics.source import LogUnavailableError, own_source

    session = current() or recorder.process_session
    try:
        bundling.draw_own(own_source(session), session, note=code)
    except LogUnavailableError:  # whose text may name the folder
        st.error("The bundle cannot be made now. Try again in a minute.", icon=":material/error:")


def _draw_how_to_send(code: str, address: str) -> None:
    st.success("Thank you. It is in the log.", icon=":material/check_circle:")
    st.markdown("Its code:")
    st.code(code, language=None)
    st.markdown("1. Save the bundle: what this browser session did today, redacted.")
    _draw_bundle(code)
    if address:
        st.markdown("2. Write to this address and name the code:")
        st.code(address, language=None, wrap_lines=True)
    else:
        st.markdown("2. Write to whoever helps you with this app and name the code.")
    st.markdown("3. Attach the bundle.")
