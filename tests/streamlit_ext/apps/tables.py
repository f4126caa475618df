"""Tables, still and selectable and editable."""

import pandas as pd
import streamlit as st

frame = pd.DataFrame({"n": [1, 2], "word": ["a", "b"]})
st.table(frame)
st.dataframe(frame, hide_index=True)
chosen = st.dataframe(frame, key="chosen", on_select="rerun", selection_mode="multi-row")
edited = st.data_editor(frame, key="editor", num_rows="dynamic")
st.metric("Sum", edited["n"].sum(), delta=-1)
st.write(chosen["selection"]["rows"], frame)
