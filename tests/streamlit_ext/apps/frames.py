"""Pages of others inside."""

import streamlit as st

needs = "1.58"

st.iframe("https://example.com", height=100)
