"""What a browser says of itself that helps to find a fault: no address, no header as it is."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# The first that stands in the text is it: most browsers also name the one they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)


def environment() -> dict[str, object]:
    """Return ``browser`` (its family), ``locale``, ``browser_timezone`` and ``theme``.

    What this Streamlit or this browser does not tell is left out. Call it in a run of a script.
    """
    ask: Mapping[str, Callable[[Any], object]] = {
        "browser": lambda context: browser_family(context.headers.get("User-Agent")),
        "locale": lambda context: context.locale,
        "browser_timezone": lambda context: context.timezone,
        "theme": lambda context: context.theme.type,
    }
    found: dict[str, object] = {}
    for name, question in ask.items():
        with contextlib.suppress(Exception):
            answer = question(st.context)
            if isinstance(answer, str):
                found[name] = answer
    return found


def browser_family(user_agent: object) -> str | None:
    """Return the family of a browser by what it sends, or None."""
    if not isinstance(user_agent, str):
        return None
    return next((family for mark, family in _BROWSERS if mark in user_agent), "other")
