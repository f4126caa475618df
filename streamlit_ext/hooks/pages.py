"""Which page a person is on, however they got there."""

from __future__ import annotations

from typing import Any

from streamlit_ext._compat import (
    folder_page,
    has_pages_folder,
    is_chosen,
    is_entry_page,
    page_function,
    page_names,
    run_context,
)
from streamlit_ext.page import forget_streamlits_name, is_audited, open_page
from streamlit_ext.session import current, entry_script

_NAVIGATES = "entry script that navigates"


def hear_page(page: object, *_: Any, **__: Any) -> None:
    """Record that a page of ``st.navigation`` is about to run.

    Streamlit calls it at each rerun, also behind a deep link and ``st.switch_page``. A page
    function that records itself is left to do so, under the name that its author chose, and a
    file of a ``pages`` folder is heard below.
    """
    context = run_context()
    if not is_chosen(page) or (context is not None and has_pages_folder(context)):
        return
    _remember_navigation()
    if is_audited(page_function(page)):
        forget_streamlits_name()
        return
    slug, title = page_names(page)
    open_page(slug, title, by_streamlit=True)


def hear_page_file(context: object, page_hash: str, *_: Any, **__: Any) -> None:
    """Record that a file of a ``pages`` folder is about to run, or the entry script beside it."""
    slug = folder_page(context, page_hash)
    if slug is None or (is_entry_page(context, page_hash) and _is_known_to_navigate()):
        return
    open_page(slug, by_streamlit=True)


def hear_present_page(*, is_over: bool = False) -> None:
    """Record the page of a ``pages`` folder whose run was there before its hook.

    Of the entry script only when its run is over: it may call ``st.navigation`` before, and is
    no page then.
    """
    context = run_context()
    if context is None or not has_pages_folder(context):
        return
    session = current()
    if session is None or session.page is not None:
        return
    if is_over or not is_entry_page(context, context.page_script_hash):
        hear_page_file(context, context.page_script_hash)


def _remember_navigation() -> None:
    session = current()
    if session is not None:
        session.memory[_NAVIGATES] = entry_script()


def _is_known_to_navigate() -> bool:
    """Tell whether the entry script has called ``st.navigation`` in an earlier run of the session.

    It is no page then. A server keeps that to itself; ``AppTest`` forgets it at each run, and
    begins the next as in an app of a ``pages`` folder.
    """
    session = current()
    return session is not None and session.memory.get(_NAVIGATES) == entry_script()
