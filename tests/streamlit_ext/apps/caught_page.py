"""A page that raises, and an app that catches it and shows the stack itself."""

import traceback

import streamlit as st


def broken() -> None:
    """Raise."""
    raise ValueError("on a page")


try:
    st.navigation([st.Page(broken)]).run()
except ValueError:
    st.text(traceback.format_exc())
