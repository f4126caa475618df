"""What is in stock by size; one size was added to the slider only."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="shirts")

STOCK = {"S": 3, "M": 0, "L": 9, "XL": 2}


def in_stock(size: str) -> int:
    return STOCK[size]


st.title("Shirts")
size = st.select_slider("Size", ["S", "M", "L", "XL", "XXL"], value="M")
st.metric("In stock", in_stock(size))
