"""Who sees what: everything on a desktop, the own session over a network."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from datatools_audit import audit_stats
from streamlit_ext.diagnostics.access import Access, granted


def visitor(
    monkeypatch: pytest.MonkeyPatch, address: str | None, headers: dict[str, str] | None = None
) -> None:
    context = SimpleNamespace(ip_address=address, headers=headers or {})
    monkeypatch.setattr(st, "context", context)


def test_access_session_is_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for the session gets it, without a notice."""
    visitor(monkeypatch, "10.0.0.7")
    assert Access("me") == granted("session", "me")


@pytest.mark.parametrize("address", [None, "::ffff:127.0.0.1"])
def test_access_all_on_the_own_machine(
    monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    """A visitor at the machine itself sees everything, also where the server listens on IPv6."""
    visitor(monkeypatch, address)
    assert Access("me", sees_all=True) == granted("all", "me")


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.7", {}),
        ("::ffff:10.0.0.7", {}),
        ("fe80::7", {}),
        ("nonsense", {}),
        (None, {"X-Forwarded-For": "10.0.0.7"}),
        ("::ffff:127.0.0.1", {"X-Forwarded-For": "10.0.0.7"}),
    ],
)
def test_access_all_over_a_network_is_the_session(
    monkeypatch: pytest.MonkeyPatch, address: str | None, headers: dict[str, str]
) -> None:
    """A visitor over a network or a proxy gets the own session, and is told so."""
    visitor(monkeypatch, address, headers)
    access = granted("all", "me")
    assert not access.sees_all
    assert "your own session only" in access.notice


def test_access_all_where_the_visitor_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """When Streamlit does not say who it is, the visitor is taken for remote."""
    monkeypatch.setattr(st, "context", object())
    assert not granted("all", "me").sees_all


@pytest.mark.parametrize(
    ("answer", "sees_all"),
    [(True, True), ("all", True), (False, False), ("session", False), (1, False)],
)
def test_access_callable_decides(
    monkeypatch: pytest.MonkeyPatch, answer: Any, sees_all: Any
) -> None:
    """The app's own callable decides, also for a visitor over a network."""
    visitor(monkeypatch, "10.0.0.7")
    assert Access("me", sees_all=sees_all) == granted(lambda: answer, "me")


def test_access_callable_that_fails_is_the_session() -> None:
    """An error in the app's callable shows no more than the session, and is counted."""

    def fail() -> bool:
        raise LookupError

    assert Access("me") == granted(fail, "me")
    assert {"diagnostics scope: LookupError": 1} == dict(audit_stats().internal_failures)


def test_access_refuses_another_word() -> None:
    """A scope that does not exist is an error of the app's author."""
    with pytest.raises(ValueError, match="scope must be"):
        granted("everything", "me")  # type: ignore[arg-type]
