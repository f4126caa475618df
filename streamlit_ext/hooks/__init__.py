"""What is heard of Streamlit: one file per kind of thing, one table of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit_ext._patch import Hook, When
from streamlit_ext.hooks.downloads import hear_deferred, hear_fetch
from streamlit_ext.hooks.errors import hear_error, hear_thread_error
from streamlit_ext.hooks.pages import hear_page, hear_page_file
from streamlit_ext.hooks.runs import hear_runner
from streamlit_ext.hooks.sessions import hear_connect, hear_disconnect, hear_session_end
from streamlit_ext.hooks.uploads import hear_removal, hear_upload
from streamlit_ext.hooks.widgets import hear_change, hear_container, hear_element

if TYPE_CHECKING:
    from collections.abc import Mapping

HOOKS: Mapping[str, Hook] = {
    "sessions": Hook(hear_session_end),
    "connections": Hook(hear_connect, When.ANSWERED),
    "disconnections": Hook(hear_disconnect),
    "runs": Hook(hear_runner, When.ANSWERED),
    "pages": Hook(hear_page, When.LOOKED_UP),
    "page files": Hook(hear_page_file),
    "elements": Hook(hear_element),
    "containers": Hook(hear_container),
    "widgets": Hook(hear_change, When.ANSWERED),
    "uploads": Hook(hear_upload),
    "removals": Hook(hear_removal),
    "downloads": Hook(hear_fetch),
    "deferred downloads": Hook(hear_deferred, When.DONE),
    "errors": Hook(hear_error),
    "threads": Hook(hear_thread_error),
}
"""Each hook by its name, as in ``_compat.PLACES``."""

__all__ = ["HOOKS"]
