"""Opens what the address asks for."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="notes")

NOTES = {"1": "Buy tea."}


def note(number: str) -> str:
    return NOTES[number]


st.title("Notes")
st.write(note(st.query_params.get("note", "1")))
