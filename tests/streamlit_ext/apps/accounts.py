"""Somebody who wants in and out, where no provider is set up."""

import streamlit as st

if st.button("In"):
    st.login()
if st.button("Out"):
    st.logout()
st.write("here")
