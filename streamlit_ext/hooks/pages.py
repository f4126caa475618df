"""Which page a person is on, however they got there."""

from __future__ import annotations

from typing import Any

from streamlit_ext._compat import folder_page, page_function, page_names
from streamlit_ext.page import forget_streamlits_name, is_audited, open_page


def hear_page(page: object, *_: Any, **__: Any) -> None:
    """Record that a page of ``st.navigation`` is about to run.

    Streamlit calls it at each rerun, also behind a deep link and ``st.switch_page``. A page
    function that records itself is left to do so, under the name that its author chose.
    """
    if is_audited(page_function(page)):
        forget_streamlits_name()
        return
    slug, title = page_names(page)
    open_page(slug, title, by_streamlit=True)


def hear_page_file(context: object, page_hash: str, *_: Any, **__: Any) -> None:
    """Record that a file of a ``pages`` folder is about to run, or the entry script beside it."""
    slug = folder_page(context, page_hash)
    if slug is not None:
        open_page(slug, by_streamlit=True)
