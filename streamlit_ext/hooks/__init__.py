"""What is heard of Streamlit: one file per kind of thing, one table of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit_ext.hooks.errors import hear_error
from streamlit_ext.hooks.pages import hear_page, hear_page_file
from streamlit_ext.hooks.sessions import hear_session_end
from streamlit_ext.hooks.transfers import hear_upload
from streamlit_ext.hooks.widgets import hear_change, hear_element

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit_ext._patch import Observer

HOOKS: Mapping[str, Observer] = {
    "sessions": hear_session_end,
    "uploads": hear_upload,
    "errors": hear_error,
    "pages": hear_page,
    "page files": hear_page_file,
    "elements": hear_element,
    "widgets": hear_change,
}
"""Each hook's name, as in ``_compat.PLACES``, and who is told."""

ANSWERED = frozenset({"widgets"})
"""Hooks that hear what the call returned."""

__all__ = ["ANSWERED", "HOOKS"]
