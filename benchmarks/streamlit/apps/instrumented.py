"""The page with the recorder, as README has it."""

from benchmarks.streamlit.page import draw
from streamlit_ext import instrument

instrument(app="Benchmark", version="1.0")
draw()
