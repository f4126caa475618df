"""The way into a page: through app.py, also where Streamlit opens the page without it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from streamlit_ext.session import entry_script

if TYPE_CHECKING:
    from collections.abc import Callable

APP = Path(__file__).parents[1] / "app.py"


def enter(page: Callable[[], object]) -> None:
    """Draw the page, by way of app.py if that has not run in this session.

    Beside a folder named pages, Streamlit (1.67) opens the first address asked for since
    its start without the main script, unless it is the root.
    """
    if "entered" in st.session_state or entry_script() != APP:
        page()
    else:
        runpy.run_path(str(APP))
