"""Charts from a table."""

import pandas as pd
import streamlit as st

needs = "1.54"  # before, a chart has another id each time

frame = pd.DataFrame({"x": [1, 2, 3], "y": [3, 1, 2]})
st.line_chart(frame, x="x", y="y")
st.area_chart(frame)
st.bar_chart(frame, horizontal=True)
st.scatter_chart(frame, x="x", y="y", size=20)
st.map(pd.DataFrame({"lat": [46.9], "lon": [7.4]}))
st.graphviz_chart("digraph { a -> b }")
