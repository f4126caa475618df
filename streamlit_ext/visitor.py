"""Who has signed in, as a pseudonym: the same person is the same, and nobody knows who."""

from __future__ import annotations

import hashlib
import hmac
import threading
from typing import TYPE_CHECKING, Any

from datatools_audit._process import shared
from datatools_audit.guard import count_failure, guard
from datatools_audit.installation import installation_key
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from datatools_audit.context import Session

THREAD_NAME = "datatools-audit-visitor"
_TOLD = "visitor told"
_USER = "visitor"
_NOBODY = "test@example.com"  # what Streamlit says where nobody can sign in


def tell_visitor(session: Session, info: Mapping[str, Any]) -> None:
    """Record the pseudonym of who has signed in, once per session, if anybody has.

    The key lies on a disk that may hang, so a thread of its own reads it the first time; for
    as long as it hangs it is the only one.
    """
    name = identity(info)
    if name is None or _TOLD in session.memory:
        return
    session.memory[_TOLD] = True
    folder, owned = recorder.folder()
    with _lock():
        key = _keys().get(folder)
        is_first = key is None and folder not in _waiting()
        if key is None:
            _waiting().setdefault(folder, []).append((session, name))
    if key is not None:
        _tell(session, name, key)
    elif is_first:
        _start_learning(folder, owned=owned)


def identity(info: Mapping[str, Any]) -> str | None:
    """Return what tells one person from all others, or None where nothing surely does.

    A subject is one person's with its issuer only (OpenID Connect Core, 5.7). An e-mail address
    counts where no issuer is told, which is where Streamlit's own platform has checked it; a name
    never does: whoever shares a pseudonym sees the other's sessions.
    """
    issuer, subject, email = (str(info.get(key) or "") for key in ("iss", "sub", "email"))
    if subject:
        return f"sub\n{issuer}\n{subject}"
    if email and email != _NOBODY and not issuer:
        return f"email\n{email}"
    return None


def present_user(session: Session) -> str | None:
    """Return the pseudonym under which a session's visitor has signed in, or None."""
    user = session.memory.get(_USER)
    return user if isinstance(user, str) else None


def _start_learning(folder: Path, *, owned: bool) -> None:
    def learn() -> None:
        key = None
        with guard("visitor"):
            key = installation_key(folder, owned=owned)
        waiting = _told_key(folder, key)
        if key is not None:
            with guard("visitor"):
                for session, name in waiting:
                    _tell(session, name, key)

    try:
        threading.Thread(target=learn, name=THREAD_NAME, daemon=True).start()
    except RuntimeError as error:  # as many threads as there may be
        _told_key(folder, None)
        count_failure("visitor", type(error))


def _told_key(folder: Path, key: bytes | None) -> list[tuple[Session, str]]:
    """Keep the key if it could be had; return who has waited for it."""
    with _lock():
        if key is not None:
            _keys()[folder] = key
        return _waiting().pop(folder, [])


def pseudonym(name: str, key: bytes) -> str:
    """Return 12 hex digits that only the holder of the key can tell to be that name's."""
    return hmac.new(key, name.encode(errors="replace"), hashlib.sha256).hexdigest()[:12]


def _keys() -> dict[Path, bytes]:
    return shared("installation keys", dict)


def _waiting() -> dict[Path, list[tuple[Session, str]]]:
    return shared("waiting for a key", dict)


def _lock() -> threading.Lock:
    return shared("key lock", threading.Lock)


def _tell(session: Session, name: str, key: bytes) -> None:
    if recorder.records("no-events"):
        user = session.memory[_USER] = pseudonym(name, key)
        recorder.emit("info", "session", f"Signed in as {user}", {"user": user}, {}, session)
