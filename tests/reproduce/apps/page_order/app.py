"""A survey on two pages; the second leans on what the first has put into the session."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="survey")


def questions() -> None:
    st.title("Questions")
    answer = st.radio("Was it easy?", ["Yes", "No"])
    if st.button("Save"):
        st.session_state["answer"] = answer


def result() -> None:
    st.title("Result")
    st.metric("Your answer", summary())


def summary() -> str:
    return st.session_state["answer"].upper()


st.navigation([st.Page(questions, title="Questions"), st.Page(result, title="Result")]).run()
