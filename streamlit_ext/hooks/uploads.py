"""Files that somebody uploads: received, used by a widget, removed; never their contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datatools_audit.context import new_id
from datatools_audit.record.widgets import FILES
from datatools_audit.recorder import recorder
from streamlit_ext._compat import run_context
from streamlit_ext.elements import Element, drawn_of
from streamlit_ext.policy import policy
from streamlit_ext.session import session_of

if TYPE_CHECKING:
    from datatools_audit.context import Session

KINDS = FILES | {"chat_input"}
_MEMORY = "uploads"
_MOST_FILES = 1_000
_ANY_UPLOADER = Element("file_uploader", "", is_known=False)
_SAID = {"received": "Uploaded", "used": "Used", "removed": "Removed"}


@dataclass(slots=True)
class _Upload:
    """One file of a session, and how far it has come."""

    id: str
    fields: dict[str, object]
    phase: str = ""


def hear_upload(_manager: object, session_id: str, file: Any, *_: Any, **__: Any) -> None:
    """Record a file that was received.

    It comes on the server's event loop, before any rerun and without a script context, so
    nothing here may be slow: no look into the file.

    Args:
        session_id: Streamlit's; told apart from ours in ``session``.
        file: Has ``file_id``, ``name``, ``type`` and ``data``.
    """
    session = session_of(session_id)
    if file.file_id in _uploads(session):  # AppTest registers its files at every run
        return
    upload = _known(session, file.file_id, file.name, len(file.data), file.type)
    if _hears_all_uploaders(session):
        _record(session, upload, "received")


def hear_removal(_manager: object, session_id: str, file_id: str, *_: Any, **__: Any) -> None:
    """Record that somebody took a file away; not that Streamlit tidies up within a run."""
    session = recorder.sessions.get(session_id)
    upload = _uploads(session).get(file_id) if session is not None else None
    if session is None or upload is None or run_context() is not None:
        return
    if upload.phase:  # else nobody has been told that it came
        _record(session, upload, "removed")


def hear_files(session: Session, old: object, new: object) -> None:
    """Record which files a widget has got, and which it has no more."""
    before, now = _files_in(old), _files_in(new)
    for file_id in before.keys() - now.keys():
        upload = _uploads(session).get(file_id)
        if upload is not None:
            _record(session, upload, "removed")
    for file_id, file in now.items():
        if file_id not in before:
            _record(session, _known(session, file_id, file.name, file.size, file.type), "used")


def _hears_all_uploaders(session: Session) -> bool:
    """Tell whether a file may be recorded of which nobody knows yet what widget it is for."""
    may_be_for = drawn_of(session, KINDS) or [_ANY_UPLOADER]
    return all(policy().hears(each, each.key) for each in may_be_for)


def _files_in(value: Any) -> dict[str, Any]:
    """Return the files of a widget's value by their id; those that are gone have no name."""
    if hasattr(value, "text"):  # of a chat, which has what the app accepts and no more
        value = [*getattr(value, "files", ()), getattr(value, "audio", None)]
    files = value if isinstance(value, list | tuple) else [value]
    return {file.file_id: file for file in files if hasattr(file, "file_id") and _is_there(file)}


def _is_there(file: object) -> bool:
    return hasattr(file, "name") and hasattr(file, "size")


def _uploads(session: Session) -> dict[str, _Upload]:
    found: dict[str, _Upload] | None = session.memory.get(_MEMORY)
    return session.memory.setdefault(_MEMORY, {}) if found is None else found


def _known(session: Session, file_id: str, name: str, size: int, kind: str) -> _Upload:
    """Return our note of a file; Streamlit's id of it is not recorded."""
    uploads = _uploads(session)
    if file_id not in uploads and len(uploads) >= _MOST_FILES:
        uploads.pop(next(iter(uploads)), None)
    fields: dict[str, object] = {"filename": name, "bytes": size, "type": kind}
    return uploads.setdefault(file_id, _Upload(new_id(), fields))


def _record(session: Session, upload: _Upload, phase: str) -> None:
    if upload.phase == phase or not recorder.records("no-events"):
        return
    upload.phase = phase
    fields = policy().redacted({"phase": phase, "upload_id": upload.id, **upload.fields})
    if fields is not None:
        message = f"{_SAID[phase]} {fields.get('filename') or 'a file'}"
        recorder.emit("info", "upload", message, fields, {}, session)
