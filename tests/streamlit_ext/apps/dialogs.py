"""Windows over the page."""

import streamlit as st


@st.dialog("Question", width="large")
def ask(word: str) -> None:
    """Ask, and close with a rerun."""
    answer = st.text_input(word, key="answer")
    if st.button("Send", key="send"):
        st.session_state["answered"] = answer
        st.rerun()


if st.button("Ask", key="ask"):
    ask("Why?")
st.write(st.session_state.get("answered"))
