"""A date with its time, in one."""

import datetime

import streamlit as st

needs = "1.52"

when = st.datetime_input("When", datetime.datetime(2026, 1, 1, 8, 0), key="when")
st.write(when)
