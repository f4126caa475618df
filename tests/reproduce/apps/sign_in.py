"""A way in by name and password; who is unknown has been forgotten."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="door")

PEOPLE = {"rosa": "secret"}


def check(name: str, password: str) -> bool:
    return PEOPLE[name] == password


st.title("Door")
with st.form("door"):
    name = st.text_input("Name")
    password = st.text_input("Password", type="password")
    if st.form_submit_button("Sign in"):
        st.success("Welcome" if check(name, password) else "No")
