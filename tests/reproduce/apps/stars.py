"""Stars for a meal, and how they are drawn."""

import streamlit as st

from streamlit_ext import audit_action, instrument

instrument(app="meals")


def drawn(stars: int) -> str:
    return f"{60 // stars} per star"


st.title("Meal")
with st.sidebar:
    meal = st.selectbox("Meal", ["Breakfast", "Lunch"], format_func=str.upper)
stars = st.feedback("stars", key=f"stars-{meal}")
if stars is not None:
    with audit_action("rate", meal=meal):
        st.write(drawn(stars))
