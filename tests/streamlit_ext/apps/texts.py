"""Text in every form."""

import streamlit as st

st.title("Title", anchor="top", help="help")
st.header("Header", divider="blue")
st.subheader("Subheader")
st.markdown("*Markdown* :red[red]")
st.caption("Caption")
st.text("Text")
st.latex("a^2")
st.code("x = 1", language="python")
st.divider()
st.badge("New", color="green")
st.html("<b>bold</b>")
st.write("several", 1, {"a": 1}, [1, 2], None, 2.5)
