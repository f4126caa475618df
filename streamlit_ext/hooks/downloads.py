"""Files that somebody takes away: name, type and size, never contents."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from datatools_audit.guard import guard
from datatools_audit.recorder import recorder
from streamlit_ext._compat import download_file, saved_file, source_of
from streamlit_ext.elements import drawers_of
from streamlit_ext.page import record_once
from streamlit_ext.policy import policy
from streamlit_ext.session import AWAY

if TYPE_CHECKING:
    from datatools_audit.context import Session
    from streamlit_ext.elements import Element

_TOLD = "downloads told"
_BOTH_WAYS_SECONDS = 2.0


def record_download(session: Session, drawn: Element, key: str | None) -> None:
    """Record a click on a download button."""
    if _is_told_twice(session, drawn.source):
        return
    file: dict[str, object] = {}
    with guard("download file"):
        file = download_file(drawn.source)
    _record(session, {**_button(drawn), "key": key, **file})


def hear_fetch(asked: object, *_: Any, **__: Any) -> None:
    """Record that a browser saves what a button offers whose click nobody else hears.

    It comes on the server's event loop and without a session: the address is made of the
    file's contents. Where several sessions offer that very file nobody can say who it was,
    and the record is the process's.

    Args:
        asked: The request, or what handles it; most are for something else.
    """
    source = saved_file(asked)
    if not source:
        return
    here = [each for each in drawers_of(source) if AWAY not in each[0].memory]
    by_session = {session.id: (session, drawn) for session, drawn in here if drawn.ignores_click}
    found = list(by_session.values())
    if not found or any(session.muted for session, _ in found):  # it may have been that one
        return
    session, drawn = found[0]
    if not policy().hears(drawn, drawn.key):
        return
    if len(found) == 1 and _is_told_twice(session, source):
        return
    fields = _button(drawn) | download_file(source)
    if len(found) > 1:
        session, fields = recorder.process_session, fields | {"offered_to": len(found)}
    _record(session, fields)


def hear_deferred(
    answer: object, error: Exception | None, _manager: object, source: str, *_: Any, **__: Any
) -> None:
    """Record a download that is made when it is asked for, or what went wrong there.

    Args:
        answer: The address of what was made.
        error: What Streamlit raised; its cause is the app's.
        source: Of the button.
    """
    for session, drawn in drawers_of(source):
        if error is not None:
            cause = error.__cause__
            told = cause if isinstance(cause, Exception) else error
            is_heard = policy().hears(drawn, drawn.key)
            button = policy().redacted(_button(drawn)) if is_heard else None
            label = (button or {}).get("label") or "a file"
            record_once(f"In download {label}", told, session)
        elif policy().hears(drawn, drawn.key):
            _record(session, _button(drawn) | download_file(source_of(str(answer))))


def _is_told_twice(session: Session, source: str) -> bool:
    """Tell whether a moment ago another button's way has told of that file.

    One button of a session may be heard by its click and another by its fetch; of the same file
    a click on the first is both.
    """
    ways = {drawn.ignores_click for whose, drawn in drawers_of(source) if whose.id == session.id}
    if len(ways) < 2:
        return False
    told: dict[str, float] = session.memory.setdefault(_TOLD, {})
    now, before = time.monotonic(), told.pop(source, None)
    if before is not None and now - before < _BOTH_WAYS_SECONDS:
        return True
    told[source] = now
    return False


def _button(drawn: Element) -> dict[str, object]:
    return {"kind": drawn.kind, "label": drawn.label, "key": drawn.key}


def _record(session: Session, fields: dict[str, object]) -> None:
    allowed = policy().redacted(fields) if recorder.records("no-events") else None
    if allowed is not None:
        name = allowed.get("filename") or allowed.get("label") or "a file"
        recorder.emit("info", "download", f"Downloaded {name}", allowed, {}, session)
