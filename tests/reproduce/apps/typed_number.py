"""Orders tickets; takes whatever is typed for a number."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="tickets")


def parse_count(text: str) -> int:
    return int(text)


st.title("Tickets")
town = st.selectbox("Town", ["Bern", "Genf", "Chur"])
count = st.text_input("How many?", "1")
if st.button("Order"):
    st.success(f"{parse_count(count)} tickets to {town}")
