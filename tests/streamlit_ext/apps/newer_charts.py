"""Charts that came later."""

import streamlit as st

needs = "1.67"

st.mermaid_chart("graph TD; A-->B")
st.echarts_chart({"series": [{"type": "bar", "data": [1, 2]}]})
