"""Options that are no text, and are shown as something else."""

import enum

import streamlit as st


class Grade(enum.Enum):
    """An enumeration of the app's own."""

    LOW = 1
    HIGH = 2


grade = st.selectbox("Grade", Grade, format_func=lambda one: getattr(one, "name", one))
number = st.radio("Number", [1, 2, 3], format_func=lambda n: str(n))
several = st.multiselect("Several", list(Grade), format_func=lambda one: getattr(one, "name", one))
st.write(grade.name, number, [one.name for one in several])
