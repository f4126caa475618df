"""Cached data and resources, with elements inside, cleared by a button."""

import streamlit as st

calls = st.session_state.setdefault("calls", [])


@st.cache_data(show_spinner=False)
def double(number: int) -> int:
    """Draw and compute, the second time from the cache."""
    st.write("computing")
    calls.append(number)
    return number * 2


@st.cache_resource(show_spinner="making")
def thing() -> list[int]:
    """Make something that all share."""
    return [1]


doubled = double(st.slider("Number", 1, 3))
shared = thing()
if st.button("Clear"):
    double.clear()
    st.cache_resource.clear()
st.write(doubled, len(calls), shared)
