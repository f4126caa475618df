"""Session state in every way, also that of a widget, and options of the server."""

import streamlit as st

st.session_state.setdefault("visits", 0)
st.session_state.visits += 1
if "name" not in st.session_state:
    st.session_state["name"] = "Rosa"
name = st.text_input("Name", key="name")
gone = st.session_state.pop("temporary", None)
st.session_state["temporary"] = {"deep": [1, {2, 3}]}
del st.session_state["temporary"]
level = st.get_option("logger.level")
try:
    st.set_option("server.port", 1)
except Exception as error:
    st.error(str(error))
st.write(name, gone, level, dict(st.session_state.items()))
