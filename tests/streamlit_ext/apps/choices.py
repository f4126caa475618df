"""One of some, some of some."""

import streamlit as st

needs = "1.62"  # before, AppTest cannot set each of them

size = st.radio("Size", ["S", "M", "L"], index=None, captions=["a", "b", "c"])
town = st.selectbox("Town", ["Bern", "Genf"], key="town")
other = st.selectbox("Other", ["a", "b"], accept_new_options=True, index=None)
colours = st.multiselect("Colours", ["red", "blue"], default=["red"], max_selections=2)
pills = st.pills("Pills", ["x", "y"], selection_mode="multi")
part = st.segmented_control("Part", ["day", "night"], key="part")
stars = st.feedback("stars", key="stars")
st.write(size, town, other, colours, pills, part, stars)
