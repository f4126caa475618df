"""Our session of the present script run.

Streamlit's session id lets its holder take the session over, so it is a key in memory
only; what is recorded is an id of our own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.api import start_session
from datatools_audit.recorder import recorder
from streamlit_ext._compat import run_context
from streamlit_ext._patch import observers

if TYPE_CHECKING:
    from datatools_audit.context import Session


def use_sessions() -> None:
    """Have each record told by which browser session it was caused. Twice is once."""
    recorder.provider = current


def current() -> Session | None:
    """Return the session of this thread's script run, or None outside of one."""
    context = run_context()
    if context is None:
        return None
    session = session_of(context.session_id)
    if (
        session.page is not None
        and session.place != context.page_script_hash
        and "pages" not in observers()  # which name each page themselves
    ):
        session.page = session.opened = None  # the run is on a page that nobody has named
    return session


def set_page(slug: str) -> None:
    """Name the page that this thread's script run is on, if there is a run."""
    context = run_context()
    if context is not None:
        session = session_of(context.session_id)
        session.page, session.place = slug, context.page_script_hash


def session_of(key: str) -> Session:
    """Return our session for Streamlit's; where the app is instrumented a new one begins.

    The first session is there before any code of the app runs, so a session starts for us
    when it is first seen.
    """
    session, is_new = recorder.session_for(key)
    if is_new and "sessions" in observers():
        start_session(session)
    return session


def entry_script() -> Path | None:
    """Return the app's entry script, as the run or else the interpreter tells it."""
    context = run_context()
    told = getattr(context, "main_script_path", None)
    told = told or getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(told) if told else None
