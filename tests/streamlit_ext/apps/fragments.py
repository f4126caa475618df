"""Parts that run by themselves."""

import streamlit as st


@st.fragment
def part(name: str) -> int:
    """Count by itself."""
    key = f"runs {name}"
    st.session_state[key] = st.session_state.get(key, 0) + 1
    if st.button("Again", key=f"again {name}"):
        st.write("clicked")
    if st.button("Whole", key=f"whole {name}"):
        st.rerun()
    if st.button("Itself", key=f"itself {name}"):
        st.rerun(scope="fragment")
    st.write(st.session_state[key])
    return st.session_state[key]


first = part("one")
with st.sidebar:
    second = part("two")
st.write(first, second)
