"""Code that shows itself, help, JSON and an exception that is drawn, not raised."""

import streamlit as st

with st.echo():
    number = 40 + 2
    st.write(number)
st.help(len)
st.json({"a": [1, {"b": None}]}, expanded=1)
st.exception(ValueError("drawn only"))
