"""A shopping list that grows; each line has a widget of its own."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="shopping")

PRICES = {"Bread": 4, "Milk": 2}


def price(item: str) -> int:
    return PRICES[item]


st.title("Shopping")
count = st.session_state.setdefault("count", 1)
if st.button("One more"):
    st.session_state["count"] += 1
    st.rerun()
for number in range(count):
    item = st.selectbox("Item", ["Bread", "Milk", "Cheese"], key=f"item-{number}")
    st.caption(f"{price(item)} francs")
