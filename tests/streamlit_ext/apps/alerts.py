"""Boxes and what flies over the page."""

import streamlit as st

st.success("fine")
st.info("known")
st.warning("careful")
st.error("broken", icon="🚨")
st.toast("ready")
st.balloons()
st.snow()
