"""Which page a person is on, however they got there."""

from __future__ import annotations

from typing import Any

from streamlit_ext._compat import page_function, page_names
from streamlit_ext.page import is_audited, open_page


def hear_page(page: object, *_: Any, **__: Any) -> None:
    """Record that a page of ``st.navigation`` or of a ``pages`` folder is about to run.

    Streamlit calls it at each rerun, also behind a deep link and ``st.switch_page``. A page
    function that records itself is left to do so, under the name that its author chose.
    """
    if not is_audited(page_function(page)):
        slug, title = page_names(page)
        open_page(slug, title)
