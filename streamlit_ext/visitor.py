"""Who has signed in, as a pseudonym: the same person is the same, and nobody knows who."""

from __future__ import annotations

import hashlib
import hmac
import threading
from typing import TYPE_CHECKING, Any

from datatools_audit._process import shared
from datatools_audit.guard import guard
from datatools_audit.installation import installation_key
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from datatools_audit.context import Session

_TOLD = "visitor told"
_NOBODY = "test@example.com"  # what Streamlit says where nobody can sign in
_NAMES = ("sub", "email", "preferred_username", "name")


def tell_visitor(session: Session, info: Mapping[str, Any]) -> None:
    """Record the pseudonym of who has signed in, once per session, if anybody has.

    The key lies on a disk that may hang, so a thread of its own reads it the first time.
    """
    name = next((str(info[key]) for key in _NAMES if info.get(key)), None)
    if name in (None, _NOBODY) or _TOLD in session.memory:
        return
    session.memory[_TOLD] = True
    folder, owned = recorder.folder()
    key = _keys().get(folder)
    if key is not None:
        _tell(session, name, key)
        return

    def learn() -> None:
        with guard("visitor"):
            _tell(session, name, _keys().setdefault(folder, installation_key(folder, owned=owned)))

    threading.Thread(target=learn, name="datatools-audit-visitor", daemon=True).start()


def pseudonym(name: str, key: bytes) -> str:
    """Return 12 hex digits that only the holder of the key can tell to be that name's."""
    return hmac.new(key, name.encode(errors="replace"), hashlib.sha256).hexdigest()[:12]


def _keys() -> dict[Path, bytes]:
    return shared("installation keys", dict)


def _tell(session: Session, name: str, key: bytes) -> None:
    if recorder.records("no-events"):
        user = pseudonym(name, key)
        recorder.emit("info", "session", f"Signed in as {user}", {"user": user}, {}, session)
