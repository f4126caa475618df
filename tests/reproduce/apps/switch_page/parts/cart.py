import streamlit as st

st.title("Cart")
gift = st.segmented_control("Gift", ["Card", "Box"])
if gift:
    st.session_state["cart"] = [] if gift == "Card" else ["box"]
if st.button("To the checkout", disabled=gift is None):
    st.switch_page("parts/checkout.py")
