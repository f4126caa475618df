"""The core's action, with the session and the page of the running script."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import datatools_audit
from datatools_audit.guard import guard
from streamlit_ext.session import use_sessions

if TYPE_CHECKING:
    from datatools_audit import Action


@overload
def audit_action(name: str, **extra: object) -> Action: ...
@overload
def audit_action(name: str, /, **extra: object) -> Action: ...


def audit_action(*args: str, **extra: object) -> Action:
    """Record a piece of work; see ``datatools_audit.audit_action``."""
    with guard("action session"):
        use_sessions()
    return datatools_audit.audit_action(*args, **extra)
