"""Containers, and something in each of them."""

import streamlit as st

left, right = st.columns([1, 2], border=True)
left.button("Left")
with right:
    st.checkbox("Right")
first, second = st.tabs(["First", "Second"])
first.text_input("In a tab", key="tabbed")
second.metric("Up", 3, 1)
box = st.container(height=200, border=True, key="box")
box.radio("In a box", ["a", "b"])
with st.expander("More", icon="🔎"):
    st.toggle("In an expander")
with st.popover("Over"):
    st.slider("In a popover", 0, 3)
place = st.empty()
place.container().selectbox("In a place", [1, 2])
