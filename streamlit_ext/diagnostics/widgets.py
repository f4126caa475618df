"""Names and forms that the parts of the page share."""

from __future__ import annotations

import datetime
import html
import re
from typing import TYPE_CHECKING, Any

import streamlit as st

from datatools_audit.machine import machine
from datatools_audit.support.table import cell
from streamlit_ext._compat import can_defer_downloads
from streamlit_ext.elements import OWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def key(name: str) -> str:
    """Return the key of a widget of ours; what happens to it is not recorded."""
    return OWN + name


def draw_table(rows: Iterable[Mapping[str, object]]) -> None:
    """Draw rows of texts and numbers.

    Who looks at a table can save it as CSV and open it, so a formula in it is none.
    """
    shown = [
        {name: cell(value) if isinstance(value, str) else value for name, value in row.items()}
        for row in rows
    ]
    st.dataframe(shown, hide_index=True)


def draw_download(
    label: str,
    name: str,
    mime: str,
    *,
    give: Callable[[], bytes],
    tell: Callable[[], None],
    part: str,
    icon: str = ":material/download:",
    hint: str | None = None,
) -> None:
    """Draw a button that saves what is handed over, and tells of it.

    Args:
        label: What it says.
        name: Of the file.
        mime: Its type.
        give: Returns the bytes: when they are asked for, or at once where this Streamlit
            cannot wait.
        tell: Records the hand-over.
        part: Makes the key.
        icon: Streamlit's.
        hint: What a mouse over it says.
    """

    def told_and_given() -> bytes:
        tell()  # first, so that the log that is saved has it
        return give()

    defers = can_defer_downloads()
    data: Any = told_and_given if defers else give()
    on_click: Any = "ignore" if defers else tell
    st.download_button(
        label, data, name, mime, key=key(part), help=hint, on_click=on_click, icon=icon
    )


def escaped(text: object) -> str:
    """Return any text as HTML that shows it and does nothing; of half a character a ``?``."""
    return html.escape(str(text).encode("utf-8", "replace").decode(), quote=True)


def plain(text: object, allowed: str = r"\w .:,()/-") -> str:
    """Return what of a text may stand in Markdown or in a label: letters, digits, some signs."""
    return re.sub(f"[^{allowed}]|_", "", str(text))


def clock_of(ts: str, *, dated: bool = False) -> str:
    """Return the clock time of a ``ts`` in the server's own zone, or the text itself.

    Args:
        ts: As a record has it.
        dated: Whether the date comes before it.
    """
    moment = local(ts)
    form = "%Y-%m-%d %H:%M:%S.%f" if dated else "%H:%M:%S.%f"
    return moment.strftime(form)[:-3] if moment is not None else ts


def local(ts: str) -> datetime.datetime | None:
    """Return a ``ts`` in the server's own zone, or None where it is no time."""
    try:
        return datetime.datetime.fromisoformat(ts).astimezone()
    except (ValueError, OverflowError):
        return None


def zone() -> str:
    """Return the server's time zone, for Markdown: in it are all times on the page."""
    return plain(machine()["timezone"], r"\w .:,()/+-")
