"""The way of a browser session: it loses its connection, comes back, is over.

Its start is its first sight, in ``session``.
"""

from __future__ import annotations

import time
from typing import Any

from datatools_audit.recorder import recorder
from streamlit_ext.elements import forget_downloads
from streamlit_ext.session import AWAY, end_session


def hear_connect(session_id: str, *_: Any, **__: Any) -> None:
    """Record that a browser came back to its session.

    Args:
        session_id: What Streamlit answered: the old one's, or that of a new session.
    """
    session = recorder.sessions.get(session_id)
    since = session.memory.pop(AWAY, None) if session is not None else None
    if since is not None and recorder.records("no-events"):
        fields = {"away_ms": round((time.monotonic() - since) * 1000)}
        recorder.emit("info", "session", "Session resumed", fields, {}, session)


def hear_disconnect(_manager: object, session_id: str, *_: Any, **__: Any) -> None:
    """Record that a session has lost its browser; it may come back."""
    session = recorder.sessions.get(session_id)
    if session is not None and AWAY not in session.memory and recorder.records("no-events"):
        session.memory[AWAY] = time.monotonic()
        recorder.emit("info", "session", "Session disconnected", {}, {}, session)


def hear_session_end(app_session: Any, *_: Any, **__: Any) -> None:
    """Record that a session is over and forget it; Streamlit may say so twice."""
    session = end_session(app_session.id)
    if session is None:
        return
    forget_downloads(session)
    if recorder.records("no-events"):
        recorder.emit("info", "session", "Session ended", {}, {}, session)
