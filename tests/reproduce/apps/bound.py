"""Shares a bill; a table of nobody has been forgotten."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="bill")


def share(bill: float, people: int) -> float:
    return bill / people


st.title("Bill")
people = st.number_input("People", min_value=0, max_value=20, value=2)
bill = st.number_input("Bill", min_value=0.0, value=80.0)
st.metric("Each", f"{share(bill, people):.2f}")
