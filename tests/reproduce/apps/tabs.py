"""A chart in one of two tabs."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="charts")

COLORS = {"Light": "#ffffff"}


def color_of(theme: str) -> str:
    return COLORS[theme]


st.title("Chart")
data, chart = st.tabs(["Data", "Chart"])
with data, st.expander("Rows"):
    rows = st.slider("How many?", 1, 50, 10)
with chart:
    theme = st.radio("Colours", ["Light", "Dark"], horizontal=True)
    st.line_chart(list(range(rows)), color=color_of("Light"))
    st.caption(color_of(theme))
