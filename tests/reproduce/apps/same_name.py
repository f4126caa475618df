"""Puts several months together, by the names of their files."""

import pandas as pd
import streamlit as st

from streamlit_ext import instrument

instrument(app="months")


def merged(files: list) -> pd.DataFrame:
    months = {file.name: pd.read_csv(file) for file in files}
    return pd.concat(
        [months[file.name].assign(month=number) for number, file in enumerate(files)],
        keys=[file.name for file in files],
        verify_integrity=True,
    )


st.title("Months")
files = st.file_uploader("A file for each month", accept_multiple_files=True, type="csv")
if len(files) > 1:
    st.dataframe(merged(files))
