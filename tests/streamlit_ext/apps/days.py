"""Dates and times."""

import datetime

import streamlit as st

day = st.date_input("Day", datetime.date(2026, 1, 1))
days = st.date_input("Days", (datetime.date(2026, 1, 1), datetime.date(2026, 1, 3)), key="days")
hour = st.time_input("Hour", datetime.time(8, 0), key="hour")
none = st.date_input("None", None)
st.write(day, days, hour, none)
