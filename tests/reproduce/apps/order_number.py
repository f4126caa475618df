"""Looks up an order; one of them has no customer."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="orders")

ORDERS = {"A-1001": {"customer": "Rosa"}, "A-1002": {"customer": None}}


def customer(number: str) -> str:
    return ORDERS[number]["customer"].upper()


st.title("Orders")
number = st.text_input("Number of the order")
if number in ORDERS:
    st.write(customer(number))
elif number:
    st.info("There is no such order.")
