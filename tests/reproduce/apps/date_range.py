"""Nights between two days; while somebody chooses there is only one."""

import datetime

import streamlit as st

from streamlit_ext import instrument

instrument(app="nights")


def nights(days) -> int:
    first, last = days
    return (last - first).days


st.title("Nights")
begin = datetime.date(2026, 5, 4)
days = st.date_input("From and to", (begin, begin + datetime.timedelta(days=3)))
st.metric("Nights", nights(days))
