"""Reads a table of customers; takes every file for UTF-8."""

import pandas as pd
import streamlit as st

from datatools_audit import log_event
from streamlit_ext import fingerprint, instrument

instrument(app="customers")


def read_table(file) -> pd.DataFrame:
    return pd.read_csv(file)


st.title("Customers")
file = st.file_uploader("Your customers", type=["csv"])
if file is not None:
    log_event("read", "Got a file", **fingerprint(file))
    st.dataframe(read_table(file))
