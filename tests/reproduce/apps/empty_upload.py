"""Reads measurements; a file may be empty."""

import pandas as pd
import streamlit as st

from streamlit_ext import instrument

instrument(app="measurements")


def read(file) -> pd.DataFrame:
    return pd.read_csv(file)


st.title("Measurements")
with st.form("upload", clear_on_submit=True):
    file = st.file_uploader("Measurements")
    sent = st.form_submit_button("Read")
if sent and file is not None:
    st.line_chart(read(file))
