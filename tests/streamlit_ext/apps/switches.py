"""Checkboxes and toggles, with and without a key and a callback."""

import streamlit as st


def note() -> None:
    """Say what the widget is now."""
    st.session_state["noted"] = st.session_state["agree"]


agree = st.checkbox("Agree", key="agree", on_change=note)
dark = st.toggle("Dark", value=True)
st.write(agree, dark, st.session_state.get("noted"))
