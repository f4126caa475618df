"""A download whose data is made when it is asked for, and a link that tells its click."""

import streamlit as st

needs = "1.52"

got = st.download_button("Later", lambda: "made", "later.txt", on_click="ignore")
st.write(got)
