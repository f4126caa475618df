"""Whose records a visitor of the page may see. A seat belt, no access control."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Literal

import streamlit as st

from datatools_audit.guard import guard

Scope = Literal["session", "all"] | Callable[[], object]

_NETWORK = "You are connected over a network, so this page shows your own session only."


@dataclass(frozen=True, slots=True)
class Access:
    """What the visitor may see.

    Attributes:
        own: The id of the visitor's own session.
        sees_all: Whether that is everybody's records.
        notice: Why it is less than was asked for; empty where it is not.
    """

    own: str
    sees_all: bool = False
    notice: str = ""


def granted(scope: Scope, own: str) -> Access:
    """Return what this visitor may see.

    Args:
        scope: ``session``; ``all``, which only a visitor at this very machine gets; or a
            callable of the app's that answers True or ``"all"`` for who may see all.
        own: The id of the visitor's session.

    Raises:
        ValueError: The scope is none of these.
    """
    if callable(scope):
        answer: object = "session"
        with guard("diagnostics scope"):
            answer = scope()
        return Access(own, sees_all=answer is True or answer == "all")
    if scope == "session":
        return Access(own)
    if scope == "all":
        return Access(own, notice=_NETWORK) if _is_remote() else Access(own, sees_all=True)
    raise ValueError(f'scope must be "session", "all" or a callable, not {scope!r}')


def _is_remote() -> bool:
    """Tell whether the visitor may be somewhere else; so it is when that cannot be told."""
    try:
        # Under AppTest the address is a mock: no text, and no visitor.
        address = st.context.ip_address
        is_away = isinstance(address, str) and not _is_this_machine(address)
        return is_away or "X-Forwarded-For" in st.context.headers
    except Exception:
        return True


def _is_this_machine(address: str) -> bool:
    """Tell whether an address is 127.0.0.1 as a server of IPv6 sees it: Streamlit 1.67 does not."""
    told = ip_address(address)
    mapped = told.ipv4_mapped if isinstance(told, IPv6Address) else None
    return mapped is not None and mapped.is_loopback
