"""What of the page's state is in its address, so that a view can be linked: never a search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from streamlit_ext.codes import as_code

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL = "all"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|all", re.ASCII)
_SESSION = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Link:
    """A view of the log.

    Attributes:
        day: A local date, or ``all`` for every kept day; None for today.
        session: One session's id; None for all that the visitor may see.
        code: The support code of an error; None for no error in particular.
    """

    day: str | None = None
    session: str | None = None
    code: str | None = None


def parsed(query: Mapping[str, str]) -> Link:
    """Return what an address asks for; what has not the form of it is nothing."""
    return Link(
        _whole(_DAY, query.get("day")),
        _whole(_SESSION, query.get("session")),
        as_code(query.get("code") or ""),
    )


def _whole(pattern: re.Pattern[str], text: object) -> str | None:
    return text if isinstance(text, str) and pattern.fullmatch(text) else None


def read() -> Link:
    """Return what the present address asks for."""
    return parsed(st.query_params)


def write(link: Link) -> None:
    """Put the view into the address, beside what the app has there."""
    for name in ("day", "session", "code"):
        value = getattr(link, name)
        if value is None:
            if name in st.query_params:
                del st.query_params[name]
        elif st.query_params.get(name) != value:
            st.query_params[name] = value
