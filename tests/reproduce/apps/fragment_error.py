"""A recipe that is scaled in a fragment."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="recipe")

st.title("Pancakes")
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.caption(f"drawn {st.session_state['runs']} times")


def portion(flour: int, people: int) -> float:
    return flour / people


@st.fragment
def scaled() -> None:
    people = st.slider("People", 0, 10, 4)
    if st.checkbox("In grams"):
        st.write(f"{portion(1000, people):.0f} g each")


scaled()
