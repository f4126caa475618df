"""Page by page."""

import streamlit as st

needs = "1.59"

page = st.pagination(5, key="page")
st.write(page)
