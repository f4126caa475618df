"""Hours until closing; before noon nobody has tried it."""

import datetime

import streamlit as st

from streamlit_ext import instrument

instrument(app="hours")

HOURS = {9: "morning", 12: "noon", 15: "afternoon"}


def part_of_day(moment: datetime.time) -> str:
    return HOURS[moment.hour]


st.title("Hours")
moment = st.time_input("When?", datetime.time(9, 0), step=3600)
st.write(part_of_day(moment))
