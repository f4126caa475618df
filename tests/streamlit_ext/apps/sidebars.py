"""The sidebar and the logo above it."""

import streamlit as st

st.set_page_config(page_title="Sidebars", page_icon="🧪", layout="wide")
st.logo("https://example.com/logo.png", link="https://example.com")
chosen = st.sidebar.selectbox("Beside", ["a", "b"])
with st.sidebar, st.expander("Inside"):
    inside = st.checkbox("Deep")
st.write(chosen, inside)
