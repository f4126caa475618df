"""The kinds of column that came later."""

import pandas as pd
import streamlit as st

needs = "1.67"

cc = st.column_config
kinds = {
    "a": cc.MultiselectColumn(options=["x", "y"]),
    "b": cc.MarkdownColumn(),
    "c": cc.AudioColumn(),
    "d": cc.VideoColumn(),
    "e": cc.ButtonColumn(),
}
st.dataframe(pd.DataFrame({name: ["x"] for name in kinds}), column_config=kinds)
