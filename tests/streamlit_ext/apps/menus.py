"""A button with a menu."""

import streamlit as st

needs = "1.58"

chosen = st.menu_button("More", ["copy", "move"], key="more", format_func=str.upper)
st.write(chosen)
