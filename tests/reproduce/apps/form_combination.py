"""A parcel's price; nobody has thought of a gift that has to be there tomorrow."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="parcels")

RATES = {("Standard", False): 7, ("Standard", True): 9, ("Express", False): 15}


def rate(speed: str, *, is_gift: bool) -> int:
    return RATES[speed, is_gift]


st.title("Parcel")
with st.form("parcel"):
    speed = st.selectbox("Delivery", ["Standard", "Express"])
    is_gift = st.checkbox("Wrap it as a gift")
    note = st.text_input("A note")
    if st.form_submit_button("Ask for the price"):
        st.success(f"{rate(speed, is_gift=is_gift)} francs. {note}")
