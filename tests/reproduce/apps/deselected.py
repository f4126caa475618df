"""A unit may be deselected."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="weights")

FACTORS = {"kg": 1.0, "g": 1000.0}


def in_unit(weight: float, unit: str) -> float:
    return weight * FACTORS[unit]


st.title("Weight")
unit = st.segmented_control("Unit", ["kg", "g"], default="kg")
st.metric("Weight", in_unit(2.5, unit))
