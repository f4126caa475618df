"""The page's address, who asks, and secrets that are not there."""

import streamlit as st

old = st.query_params.to_dict()
st.query_params["seen"] = str(len(old))
if st.button("More"):
    st.query_params.from_dict({"tag": ["a", "b"], "n": "1"})
if st.button("Clear"):
    st.query_params.clear()
about = [st.context.locale, st.context.timezone, st.context.theme.type, st.context.is_embedded]
who = st.user.to_dict()
try:
    secret = st.secrets["token"]
except Exception as error:
    secret = type(error).__name__
st.write(old, st.query_params.get_all("tag"), about, who, secret)
