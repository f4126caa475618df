"""A shop with a cart and a checkout; the button leads there with an empty cart too."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="cart")

st.session_state.setdefault("cart", [])
st.navigation(
    [st.Page("parts/cart.py", title="Cart", default=True), st.Page("parts/checkout.py")]
).run()
