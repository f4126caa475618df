"""The page with streamlit-analytics2 as its documentation begins: it counts in memory."""

import streamlit_analytics2

from benchmarks.streamlit.page import draw

with streamlit_analytics2.track():
    draw()
