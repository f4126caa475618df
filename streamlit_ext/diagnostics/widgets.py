"""Names and forms that the parts of the page share."""

from __future__ import annotations

import datetime
import html
import re
from typing import TYPE_CHECKING

import streamlit as st

from streamlit_ext.elements import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def key(name: str) -> str:
    """Return the key of a widget of ours; what happens to it is not recorded."""
    return OWN + name


def draw_table(rows: Iterable[Mapping[str, object]]) -> None:
    """Draw rows of texts, in which nothing acts."""
    st.dataframe(
        [{name: cell(value) for name, value in row.items()} for row in rows], hide_index=True
    )


def cell(value: object) -> object:
    """Return a value as a cell: a text that a spreadsheet would run stands behind an apostrophe.

    Whoever looks at a table can save it as CSV and open it.
    """
    if isinstance(value, str) and value[:1] in _FORMULAS and value:
        return f"'{value}"
    return value


_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def escaped(text: object) -> str:
    """Return any text as HTML that shows it and does nothing."""
    return html.escape(str(text), quote=True)


def plain(text: object, allowed: str = r"\w .:,()/-") -> str:
    """Return what of a text may stand in Markdown or in a label: letters, digits, some signs."""
    return re.sub(f"[^{allowed}]|_", "", str(text))


def clock_of(ts: str) -> str:
    """Return the clock time of a ``ts`` in the server's own zone, or the text itself."""
    moment = local(ts)
    return moment.strftime("%H:%M:%S.%f")[:-3] if moment is not None else ts


def local(ts: str) -> datetime.datetime | None:
    """Return a ``ts`` in the server's own zone, or None where it is no time."""
    try:
        return datetime.datetime.fromisoformat(ts).astimezone()
    except (ValueError, OverflowError):
        return None
