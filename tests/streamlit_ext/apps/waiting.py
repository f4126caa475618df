"""What is shown while something takes its time."""

import streamlit as st

bar = st.progress(0, text="begun")
bar.progress(50)
with st.spinner("working"):
    result = 6 * 7
with st.status("Steps", expanded=True) as status:
    st.write("one")
    status.update(label="Done", state="complete")
bar.empty()
place = st.empty()
place.text("first")
place.text("second")
