"""The same without the recorder."""

import streamlit as st

from benchmarks.streamlit.census import census

name = st.query_params.get("visitor")
if name is None:
    st.text(census())
else:
    for n in range(int(st.query_params["buttons"])):
        st.button(f"Press {n}", key=f"{name}-{n}")
    st.text_input("Say", key=f"{name}-text")
