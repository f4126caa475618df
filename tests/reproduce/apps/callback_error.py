"""A list to which lines are added and from which they are taken."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="list")


def add() -> None:
    st.session_state.lines.append(f"line {len(st.session_state.lines) + 1}")


def remove_last() -> None:
    st.session_state.lines.pop()


st.session_state.setdefault("lines", [])
st.title("List")
st.button("Add", on_click=add)
st.button("Remove the last", on_click=remove_last)
st.write(st.session_state.lines)
