import streamlit as st

from streamlit_ext import instrument

instrument(app="table")


def told() -> str:
    return "A table outside" if st.session_state["outside"] else "A table inside"


st.title("Summary")
if st.button("Confirm"):
    st.success(told())
