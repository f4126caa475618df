"""The page with the recorder loaded and never called: what its mere presence costs."""

import streamlit_ext as present
from benchmarks.streamlit.page import draw

assert present
draw()
