"""The mean price of a region; one region has no sale."""

import pandas as pd
import streamlit as st

from streamlit_ext import instrument

instrument(app="sales")

SALES = pd.DataFrame({"region": ["North", "South", "South"], "price": [4, 5, 9]})


def mean_price(prices: list[int]) -> float:
    return sum(prices) / len(prices)


st.title("Sales")
region = st.radio("Region", ["North", "South", "West"])
chosen = SALES[SALES["region"] == region]
st.metric("Mean price", f"{mean_price(list(chosen['price'])):.2f}")
