"""The page as it is."""

from benchmarks.streamlit.page import draw

draw()
