"""A conversation that streams."""

import streamlit as st

said = st.chat_input("Say", key="say")
with st.chat_message("user"):
    st.write(said or "nothing")
with st.chat_message("assistant", avatar="🤖"):
    whole = st.write_stream(word for word in ["hello ", "you ", 3])
st.session_state.setdefault("talk", []).append(said)
st.write(st.session_state["talk"])
