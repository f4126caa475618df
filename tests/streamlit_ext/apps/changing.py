"""Widgets that come, go and become others between two runs."""

import streamlit as st

secret = st.checkbox("Hide", key="hide")
word = st.text_input("Word", key="word", type="password" if secret else "default")
if secret:
    st.slider("Only now", 0, 5, key="now")
else:
    st.selectbox("Only then", ["a", "b"], key="then")
label = st.text_input(f"Label {secret}", key="label")
st.write(word, label, sorted(st.session_state))
