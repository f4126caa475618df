"""Our session of the present script run.

Streamlit's session id lets its holder take the session over, so it is a key in memory
only; what is recorded is an id of our own.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.api import start_session
from datatools_audit.guard import guard
from datatools_audit.recorder import recorder
from streamlit_ext._compat import run_context, visitor_info
from streamlit_ext._patch import observers
from streamlit_ext.environment import environment
from streamlit_ext.policy import policy
from streamlit_ext.visitor import tell_visitor

if TYPE_CHECKING:
    from datatools_audit.context import Session


AWAY = "away since"
"""Under this name a session without its browser remembers since when."""
_DECIDED = "decided"
_MOST_OVER = 1_000
runs_of_threads: dict[int, Session] = shared("sessions of runs", dict)
"""The session as the script's run on a thread sees it, by the thread's ident."""


def use_sessions() -> None:
    """Have each record told by which browser session it was caused. Twice is once."""
    recorder.provider = current


def current() -> Session | None:
    """Return the session of this thread's script run, or None outside of one."""
    context = run_context()
    if context is None:
        return None
    session = session_of(context.session_id)
    seen = runs_of_threads.get(threading.get_ident())
    if seen is not None and seen.id == session.id:
        return seen
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
        seen = current()
        if seen is not None:
            seen.page = slug


def enter_run() -> Session | None:
    """Return the session as this thread's run sees it from now on: with a page of its own.

    Runs of one session overlap, and one that still works while the person has gone to another
    page goes on to belong to its own.
    """
    leave_run()
    session = current()
    if session is not None:
        session = runs_of_threads[threading.get_ident()] = replace(session)
    return session


def leave_run() -> None:
    """The run of this thread has ended."""
    runs_of_threads.pop(threading.get_ident(), None)


def session_of(key: str) -> Session:
    """Return our session for Streamlit's; where the app is instrumented a new one begins.

    The first session is there before any code of the app runs, so a session starts for us
    when it is first seen.
    """
    over = _over().get(key)
    if over is not None:  # a run or a thread of the app goes on, and begins no other
        return over
    session, is_new = recorder.session_for(key)
    return begin(session, key) if is_new else session


def end_session(key: str) -> Session | None:
    """Forget all but the name of a session that is over; None where it is unknown.

    Streamlit gives no key twice.
    """
    session = recorder.sessions.pop(key, None)
    if session is not None:
        over = _over()
        if len(over) >= _MOST_OVER:
            over.pop(next(iter(over)), None)
        over[key] = replace(session, memory={_DECIDED: True})
    return session


def _over() -> dict[str, Session]:
    return shared("sessions that are over", dict)


def begin(session: Session, key: str) -> Session:
    """Decide whether a new session is recorded, and where the app is instrumented start it.

    Twice is once. Returns the session, or a mute one where that can be decided only when the
    visitor's script runs.
    """
    context = run_context()
    is_running = context is not None and context.session_id == key
    may_record = policy().record
    if may_record is not None and _DECIDED not in session.memory:
        session.muted = True
        if not is_running:
            recorder.sessions.pop(key, None)
            return session
        session.memory[_DECIDED] = True
        with guard("record"):
            session.muted = not may_record()
        seen = runs_of_threads.get(threading.get_ident())
        if seen is not None and seen.id == session.id:
            seen.muted = session.muted
    if "sessions" in observers() and not session.muted:
        start_session(session, environment if is_running else dict)
        if is_running:
            tell_visitor(session, visitor_info(context))
    return session


def begin_present() -> None:
    """Begin the session of this thread's run, also one that was known before there were hooks."""
    context = run_context()
    if context is not None:
        begin(session_of(context.session_id), context.session_id)


def entry_script() -> Path | None:
    """Return the app's entry script, as the run or else the interpreter tells it."""
    context = run_context()
    told = getattr(context, "main_script_path", None)
    told = told or getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(told) if told else None
