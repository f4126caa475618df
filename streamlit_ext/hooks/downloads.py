"""Files that somebody takes away: name, type and size, never contents."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from datatools_audit._process import shared
from datatools_audit.guard import guard
from datatools_audit.recorder import recorder
from streamlit_ext._compat import download_file, file_fields, run_context, source_of
from streamlit_ext.elements import drawers_of
from streamlit_ext.page import record_once
from streamlit_ext.policy import policy

if TYPE_CHECKING:
    from datatools_audit.context import Session
    from streamlit_ext.elements import Element

_ONE_FETCH_SECONDS = 1.0
_MOST_FETCHES = 1_000


def record_download(session: Session, drawn: Element, key: str | None) -> None:
    """Record a click on a download button."""
    file: dict[str, object] = {}
    with guard("download file"):
        file = download_file(drawn.source)
    _record(session, {"kind": drawn.kind, "label": drawn.label, "key": key, **file})


def hear_fetch(file: Any, _storage: object, name: str, *_: Any, **__: Any) -> None:
    """Record that a browser fetches what a button offers whose click nobody else hears.

    It comes on the server's event loop and without a session: the address is made of the
    file's contents. Where several sessions offer that very file nobody can say who it was,
    and the record is the process's.

    Args:
        file: What Streamlit found.
        name: What was asked for: an id and an ending.
    """
    source = source_of(name)
    if run_context() is not None or not source:  # Streamlit makes the address itself
        return
    found = [each for each in drawers_of(source) if each[1].ignores_click]
    if not found or _is_same_fetch(source):
        return
    session, drawn = found[0]
    if not policy().hears(drawn):
        return
    fields = {"kind": drawn.kind, "label": drawn.label, **file_fields(file)}
    if len(found) > 1:
        session, fields = recorder.process_session, fields | {"offered_to": len(found)}
    _record(session, fields)


def hear_deferred(
    answer: object, error: Exception | None, _manager: object, source: str, *_: Any, **__: Any
) -> None:
    """Record what went wrong where a download is made when it is asked for; a click else.

    Args:
        answer: The address of what was made.
        error: What Streamlit raised; its cause is the app's.
        source: Of the button.
    """
    for session, drawn in drawers_of(source):
        if error is not None:
            cause = error.__cause__
            told = cause if isinstance(cause, Exception) else error
            record_once(f"In download {drawn.label}", told, session)
        elif drawn.ignores_click and policy().hears(drawn):
            file = download_file(source_of(str(answer)))
            _record(session, {"kind": drawn.kind, "label": drawn.label, **file})


def _is_same_fetch(source: str) -> bool:
    """Tell whether that is one more question of the same fetch; a server may ask five times."""
    fetches = shared("fetches", dict[str, float])
    now = time.monotonic()
    is_same = now - fetches.get(source, -_ONE_FETCH_SECONDS) < _ONE_FETCH_SECONDS
    if len(fetches) >= _MOST_FETCHES:
        fetches.clear()
    fetches[source] = now
    return is_same


def _record(session: Session, fields: dict[str, object]) -> None:
    allowed = policy().redacted(fields) if recorder.records("no-events") else None
    if allowed is not None:
        name = allowed.get("filename") or allowed.get("label") or "a file"
        recorder.emit("info", "download", f"Downloaded {name}", allowed, {}, session)
