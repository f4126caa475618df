"""A chat with commands; takes every message for a command and its object."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="helper")


def answer(text: str) -> str:
    command, what = text.split(" ", 1)
    return f"You want to {command} {what}."


st.title("Helper")
st.session_state.setdefault("said", [])
if text := st.chat_input("What do you want to do?"):
    st.session_state.said.append(text)
    st.session_state.said.append(answer(text))
for said in st.session_state.said:
    st.chat_message("user").write(said)
