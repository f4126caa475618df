"""The side of a square of a given area."""

import math

import streamlit as st

from streamlit_ext import instrument

instrument(app="squares")


def side(area: float) -> float:
    return math.sqrt(area)


st.title("Square")
area = st.number_input("Area", value=9.0)
st.metric("Side", side(area))
