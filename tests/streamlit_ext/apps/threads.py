"""Threads of the app, with and without the run's context."""

import threading

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx

place = st.empty()
found: list[str] = []


def work() -> None:
    """Draw from outside."""
    found.append("worked")
    place.text("from a thread")


thread = threading.Thread(target=work)
add_script_run_ctx(thread)
thread.start()
thread.join()
if st.button("Again"):
    found.append("again")
st.write(found)
