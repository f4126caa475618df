"""A report that is gone once it was downloaded."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="report")


def taken() -> None:
    del st.session_state["report"]


def archive() -> None:
    st.session_state["archive"] = st.session_state["report"].upper()


st.title("Report")
if st.button("Make it"):
    st.session_state["report"] = "all is well"
if "report" in st.session_state or "made" in st.session_state:
    st.session_state["made"] = True
    st.download_button("Download", "all is well", "report.txt", on_click=taken)
    if st.button("Archive"):
        archive()
