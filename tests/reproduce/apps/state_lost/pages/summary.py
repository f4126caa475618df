import streamlit as st

from streamlit_ext import instrument

instrument(app="table")


def told() -> str:
    place = "outside" if st.session_state["outside"] else "inside"
    return f"{st.session_state['guests']} guests, {place}"


st.title("Summary")
if st.button("Confirm"):
    st.success(told())
