"""A download that is made when it is asked for."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="late")

ROWS: list[str] = []


def made() -> str:
    return ROWS[0]


st.title("Download")
st.download_button("Take it", made, "rows.csv")
