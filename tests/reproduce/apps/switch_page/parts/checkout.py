import streamlit as st


def first_item() -> str:
    return st.session_state["cart"][0]


st.title("Checkout")
st.write("You buy", first_item())
