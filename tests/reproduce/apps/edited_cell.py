"""A price list that somebody edits by hand."""

import pandas as pd
import streamlit as st

from streamlit_ext import instrument

instrument(app="prices")

PRICES = pd.DataFrame({"item": ["tea", "rice"], "unit": ["kg", "kg"]})
FACTORS = {"kg": 1, "x": 2}


def factors(units: list[str]) -> list[int]:
    return [FACTORS[unit] for unit in units]


st.title("Prices")
prices = st.data_editor(PRICES, key="prices")
st.write(factors(list(prices["unit"])))
