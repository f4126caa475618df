"""What is typed: lines, text, numbers and secrets."""

import streamlit as st

name = st.text_input("Name", key="name", placeholder="Rosa")
secret = st.text_input("Secret", type="password")
story = st.text_area("Story", "Once", max_chars=100)
count = st.number_input("Count", 0, 10, 1)
share = st.number_input("Share", value=None, key="share", step=0.5)
colour = st.color_picker("Colour", "#000000")
st.write(name, len(secret), story, count, share, colour)
