"""A script that ends its thread."""

import sys

import streamlit as st

needs = "1.67"  # before, what ends the thread leaves AppTest waiting

if st.button("Exit"):
    sys.exit(3)
if st.button("Interrupt"):
    raise KeyboardInterrupt
st.write("still here")
