"""Whose records a visitor of the page may see. A seat belt, no access control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from datatools_audit.guard import guard

Scope = Literal["session", "all"] | Callable[[], object]


def granted(scope: Scope) -> tuple[Literal["session", "all"], str]:
    """Return the scope that this visitor gets, and a notice where it is not the asked one.

    Args:
        scope: ``session``; ``all``, which only a visitor at this very machine gets; or a
            callable of the app's that answers True or ``"all"`` for who may see all.

    Raises:
        ValueError: It is none of these.
    """
    if callable(scope):
        answer: object = "session"
        with guard("diagnostics scope"):
            answer = scope()
        return ("all", "") if answer is True or answer == "all" else ("session", "")
    if scope == "session":
        return "session", ""
    if scope == "all":
        if _is_remote():
            return "session", (
                "You are connected over a network, so this page shows your own session only."
            )
        return "all", ""
    raise ValueError(f'scope must be "session", "all" or a callable, not {scope!r}')


def _is_remote() -> bool:
    """Tell whether the visitor may be somewhere else; so it is when that cannot be told."""
    try:
        # Under AppTest the address is a mock: no text, and no visitor.
        has_address = isinstance(st.context.ip_address, str)
        return has_address or "X-Forwarded-For" in st.context.headers
    except Exception:
        return True
