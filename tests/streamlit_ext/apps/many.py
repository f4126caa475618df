"""More widgets than a person wants, in containers in containers."""

import streamlit as st

box = st.container()
for row in range(40):
    box = box if row % 10 else st.expander(f"Rows from {row}")
    for column, place in enumerate(box.columns(3)):
        place.number_input(f"{row}/{column}", disabled=True, key=f"n {row} {column}")
again = st.button("Again")
