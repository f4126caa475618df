"""Exceptions that nobody caught: of a script, of its threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, overload

import streamlit as st

from datatools_audit.api import forget_recorded
from datatools_audit.guard import guard
from streamlit_ext._patch import observers
from streamlit_ext.hooks.runs import mark_failed
from streamlit_ext.page import record_once
from streamlit_ext.policy import policy
from streamlit_ext.session import current, use_sessions

Handler = Callable[[Exception], bool | None]


def hear_error(exc: BaseException, *_: Any, **__: Any) -> None:
    """Record an uncaught exception, unless its page has done so.

    Args:
        exc: The first argument of Streamlit's handler in every version.
    """
    if not isinstance(exc, Exception):
        return
    mark_failed()
    session = current()
    page = session.page if session is not None else None
    record_once(f"Uncaught in {page}" if page else "Uncaught", exc)
    code = forget_recorded(exc)
    if policy().show_codes and code:
        st.error(f"If you ask for help, give this code: **{code}**", icon=":material/support:")


def hear_thread_error(told: Any, *_: Any, **__: Any) -> None:
    """Record an exception that has ended a thread of the app's.

    Args:
        told: What ``threading.excepthook`` gets.
    """
    exc = told.exc_value
    if isinstance(exc, Exception):
        thread = told.thread or threading.current_thread()
        record_once(f"In thread {thread.name}", exc)
        forget_recorded(exc)


@overload
def on_script_error(told: Exception, /) -> None: ...
@overload
def on_script_error(told: Handler, /) -> Handler: ...


def on_script_error(told: Exception | Handler, /) -> Handler | None:
    """Record an uncaught exception; for ``st.App(…, on_script_error=…)``, Streamlit's own way.

    Give it as it is, ``on_script_error=streamlit_ext.on_script_error``, or round the app's
    own handler, ``on_script_error=streamlit_ext.on_script_error(handler)``, whose answer
    stands. An app that also calls ``instrument()`` still has one record for each exception.

    Never raises an exception of its own. Threads: that of the script's run.
    """
    if isinstance(told, BaseException):
        with guard("on_script_error"):
            if "errors" not in observers():  # where it is, it came first
                use_sessions()
                hear_error(told)
        return None
    handler = told

    def chained(exc: Exception) -> bool | None:
        on_script_error(exc)
        return handler(exc)

    return chained
