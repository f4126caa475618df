"""Containers that tell when they are opened."""

import streamlit as st

needs = "1.58"

one, two = st.tabs(["One", "Two"], key="tabs", on_change="rerun")
one.write("first")
two.write("second")
with st.expander("More", key="expander", on_change="rerun"):
    st.write("inside")
with st.popover("Over", key="popover", on_change="rerun"):
    st.write("above")
