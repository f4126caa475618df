"""The same with its events in a JSONL file, which is what the recorder has."""

import os

import streamlit_analytics2

from benchmarks.streamlit.page import draw

with streamlit_analytics2.track(events_path=os.environ["BENCH_EVENTS"]):
    draw()
