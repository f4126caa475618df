"""The end of a browser session. Its start is its first sight, in ``session``."""

from __future__ import annotations

from typing import Any

from datatools_audit.recorder import recorder


def hear_session_end(app_session: Any, *_: Any, **__: Any) -> None:
    """Record that a session is over and forget it; Streamlit may say so twice."""
    session = recorder.sessions.pop(app_session.id, None)
    if session is not None and recorder.records("no-events"):
        recorder.emit("info", "session", "Session ended", {}, {}, session)
