"""Space between things."""

import streamlit as st

needs = "1.51"

st.space("large")
st.container(horizontal=True).button("Beside")
