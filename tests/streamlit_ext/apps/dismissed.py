"""A window that tells when it is closed."""

import streamlit as st

needs = "1.50"


def closed() -> None:
    """Note that it was closed."""
    st.session_state["closed"] = True


@st.dialog("Note", on_dismiss=closed)
def note() -> None:
    """Have one button."""
    st.button("In it")


note()
st.write(st.session_state.get("closed"))
