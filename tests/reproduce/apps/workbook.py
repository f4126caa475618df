"""Reads the first sheet of a workbook, and sums a column that holds text in some."""

import pandas as pd
import streamlit as st

from datatools_audit import log_event
from streamlit_ext import fingerprint, instrument

instrument(app="workbook")


def summed(frame: pd.DataFrame) -> float:
    return frame.iloc[:, 1].astype(float).sum()


st.title("Workbook")
file = st.file_uploader("A workbook", type=["xlsx"])
if file is not None:
    frame = pd.read_excel(file)
    log_event("read", "Read a workbook", **fingerprint(frame))
    st.dataframe(frame)
    if st.button("Sum"):
        st.metric("Sum", summed(frame))
