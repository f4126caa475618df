"""What one of many visitors sees: buttons and a text input whose keys have the visitor's name."""

import streamlit as st

from benchmarks.streamlit.census import census
from datatools_audit import log_event
from datatools_audit.recorder import recorder
from streamlit_ext import instrument

instrument(app="Visitors")
name = st.query_params.get("visitor")
if name is None:
    st.text(census(recorder.sessions.values()))
else:
    if "told" not in st.session_state:
        st.session_state["told"] = True
        log_event("visitor", name)
    for n in range(int(st.query_params["buttons"])):
        if st.button(f"Press {n}", key=f"{name}-{n}"):
            log_event("pressed", f"{name}-{n}")
    st.text_input("Say", key=f"{name}-text")
