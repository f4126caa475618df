"""Counts in a thread of its own."""

import threading

import streamlit as st

from streamlit_ext import instrument

instrument(app="counting")


def count(words: list[str]) -> int:
    return len(words) // words.count("tea")


st.title("Counting")
if st.button("Count"):
    worker = threading.Thread(target=count, args=(["rice"],))
    worker.start()
    worker.join()
    st.write("Counted")
