"""A quiz with three questions, and a button that leads beyond the last."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="quiz")

QUESTIONS = ["Where is Bern?", "How high is Säntis?", "Who was Tell?"]


def question(number: int) -> str:
    return QUESTIONS[number]


st.title("Quiz")
number = st.session_state.setdefault("number", 0)
if st.button("Next"):
    number = st.session_state["number"] = number + 1
st.header(question(number))
