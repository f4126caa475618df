"""Rates of exchange, kept in a cache."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="exchange")

RATES = {"EUR": 0.95, "USD": 0.88}


@st.cache_data
def rate(currency: str) -> float:
    return RATES[currency.upper()]


st.title("Exchange")
currency = st.pills("Currency", ["EUR", "USD", "GBP"], default="EUR")
st.metric("Francs", rate(currency))
