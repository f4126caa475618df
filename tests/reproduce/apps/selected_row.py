"""The row that somebody selects in a table; the selection may be taken back."""

import pandas as pd
import streamlit as st

from streamlit_ext import instrument

instrument(app="rows")

PEOPLE = pd.DataFrame({"name": ["Rosa", "Max", "Ida"], "boss": ["", "Rosa", "Rosa"]})


def boss(row: int) -> str:
    return PEOPLE["boss"][row + 3]


st.title("People")
selection = st.dataframe(PEOPLE, on_select="rerun", selection_mode="single-row", key="people")
if rows := selection.selection.rows:
    st.write(boss(rows[0]))
