"""A table with every kind of column."""

import pandas as pd
import streamlit as st

frame = pd.DataFrame({"n": [1, 2], "word": ["a", "b"], "yes": [True, False]})
cc = st.column_config
kinds = {
    "n": cc.NumberColumn("Number", format="%d"),
    "word": cc.TextColumn("Text", max_chars=5),
    "yes": cc.CheckboxColumn("Yes"),
}
st.data_editor(frame, column_config=kinds, key="editor")
wide = {
    "a": cc.Column("Column"),
    "b": cc.SelectboxColumn(options=["x", "y"]),
    "c": cc.DatetimeColumn(),
    "d": cc.DateColumn(),
    "e": cc.TimeColumn(),
    "f": cc.LinkColumn(),
    "g": cc.ImageColumn(),
    "h": cc.ListColumn(),
    "i": cc.LineChartColumn(),
    "j": cc.BarChartColumn(),
    "k": cc.AreaChartColumn(),
    "l": cc.ProgressColumn(max_value=3),
    "m": cc.JsonColumn(),
}
st.dataframe(pd.DataFrame({name: [None] for name in wide}), column_config=wide)
