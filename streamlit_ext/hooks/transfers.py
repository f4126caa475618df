"""Files that arrive: name, type and size, never contents."""

from __future__ import annotations

from collections import deque
from typing import Any

from datatools_audit._process import shared
from datatools_audit.recorder import recorder
from streamlit_ext.session import session_of

_REMEMBERED = 4096


def hear_upload(_manager: object, session_id: str, file: Any, *_: Any, **__: Any) -> None:
    """Record a file that was received.

    It comes on the server's event loop, before any rerun and without a script context, so
    nothing here may be slow: no look into the file.

    Args:
        session_id: Streamlit's; told apart from ours in ``session``.
        file: Has ``file_id``, ``name``, ``type`` and ``data``.
    """
    if not recorder.records("no-events"):
        return
    session = session_of(session_id)
    seen = shared("uploads seen", lambda: deque[tuple[str, str]](maxlen=_REMEMBERED))
    if (session.id, file.file_id) in seen:  # AppTest registers its files at every run
        return
    seen.append((session.id, file.file_id))
    fields = {"filename": file.name, "bytes": len(file.data), "type": file.type}
    recorder.emit("info", "upload", f"Uploaded {file.name}", fields, {}, session)
