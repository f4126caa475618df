"""Exceptions that nobody caught: body, callbacks, fragments and dialogs of a script."""

from __future__ import annotations

from typing import Any

from datatools_audit.api import forget_recorded
from streamlit_ext.page import record_once
from streamlit_ext.session import current


def hear_error(exc: BaseException, *_: Any, **__: Any) -> None:
    """Record an uncaught exception, unless its page has done so.

    Args:
        exc: The first argument of Streamlit's handler in every version.
    """
    if isinstance(exc, Exception):
        session = current()
        page = session.page if session is not None else None
        record_once(f"Uncaught in {page}" if page else "Uncaught", exc)
        forget_recorded(exc)
