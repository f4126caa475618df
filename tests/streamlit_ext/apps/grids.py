"""Newer containers: a grid, and the bottom of the page."""

import streamlit as st

needs = "1.67"

grid = st.grid(2)
with grid:
    ticked = st.checkbox("One")
    typed = st.text_input("Two")
st.bottom.write(ticked)
with st.bottom:
    below = st.button("Below")
st.skeleton(100)
st.write(typed, below)
