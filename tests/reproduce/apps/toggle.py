"""Details that nobody has filled in yet."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="members")

MEMBER = {"name": "Rosa", "address": None}


def address(member: dict) -> str:
    return member["address"].strip()


st.title(MEMBER["name"])
if st.toggle("Details"):
    st.write(address(MEMBER))
