"""Elements where Streamlit refuses them: what it raises while it draws."""

import streamlit as st

outside = st.container()


@st.fragment
def part() -> None:
    """Draw a widget outside of itself."""
    st.button("Again")
    outside.checkbox("Not here")


@st.cache_data(show_spinner=False)
def cached() -> int:
    """Draw a widget in a cached function."""
    return 3 if st.checkbox("Nor here") else 4


if st.button("Fragment"):
    part()
if st.button("Cached"):
    cached()
if st.button("Nested form"):
    with st.form("outer"), st.form("inner"):
        pass
if st.button("Button in a form"):
    with st.form("third"):
        st.button("Refused")
if st.button("Wrong value"):
    st.slider("Upside down", 5, 1, 3)
if st.button("Wrong state"):
    st.session_state["late"] = "text"
    st.number_input("Late", key="late")
if st.button("Set behind its widget"):
    st.text_input("Word", key="word")
    st.session_state["word"] = "too late"
