"""Sliders over numbers, days and words, single and double."""

import datetime

import streamlit as st

age = st.slider("Age", 0, 99, 5)
span = st.slider("Span", 0.0, 1.0, (0.2, 0.4), key="span")
day = st.slider("Day", datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
grade = st.select_slider("Grade", ["low", "mid", "high"])
grades = st.select_slider("Grades", ["low", "mid", "high"], ("low", "mid"), key="grades")
st.write(age, span, day, grade, grades)
