"""A page that raises each time, deep in functions, with a cause."""

import streamlit as st


def deep() -> None:
    """Raise for a reason."""
    try:
        {}["missing"]
    except KeyError as error:
        raise RuntimeError("broken page") from error


def broken() -> None:
    """Draw, then break."""
    st.write("before")
    deep()


st.navigation([st.Page(broken)]).run()
