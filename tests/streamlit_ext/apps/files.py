"""Everything that sends a file."""

import streamlit as st

table = st.file_uploader("Table", key="table")
several = st.file_uploader("Several", type=["csv"], accept_multiple_files=True)
said = st.audio_input("Said")
seen = st.camera_input("Seen", key="seen")
st.write(table and table.getvalue(), len(several), said and said.name, seen and seen.size)
