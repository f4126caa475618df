"""The best of some towns; of none there is no best."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="towns")

SUN = {"Bern": 1700, "Sion": 2100, "Lugano": 2200}


def sunniest(towns: list[str]) -> str:
    return max(towns, key=lambda town: SUN[town])


st.title("Sun")
towns = st.multiselect("Towns", list(SUN), default=["Bern"])
st.metric("The sunniest", sunniest(towns))
