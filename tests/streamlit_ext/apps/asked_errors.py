"""An error that notes each time that its text is asked."""

import streamlit as st

asked = st.session_state.setdefault("asked", [])


class NotingError(Exception):
    """Notes who asks."""

    def __str__(self) -> str:
        asked.append("str")
        return "its text"


st.text(",".join(asked))
if st.button("Break"):
    raise NotingError
