"""A table is reserved on two pages; a widget's state does not outlive its page."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="table")

st.title("Reservation")
st.slider("Guests", 1, 12, 2, key="guests")
st.toggle("Outside", key="outside")
