"""What is heard of Streamlit: one file per kind of thing, one table of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit_ext.hooks.errors import hear_error
from streamlit_ext.hooks.sessions import hear_session_end
from streamlit_ext.hooks.transfers import hear_upload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit_ext._patch import Observer

HOOKS: Mapping[str, Observer] = {
    "sessions": hear_session_end,
    "uploads": hear_upload,
    "errors": hear_error,
}
"""Each hook's name, as in ``_compat.PLACES``, and who is told."""

__all__ = ["HOOKS"]
