"""Forms: what is in them waits for their button."""

import streamlit as st


def sent() -> None:
    """Say what was sent."""
    st.session_state["sent"] = st.session_state["name"]


with st.form("first", clear_on_submit=True):
    name = st.text_input("Name", key="name")
    agreed = st.checkbox("Agree")
    done = st.form_submit_button("Send", on_click=sent)
other = st.form("second", border=False)
age = other.number_input("Age", 0)
other.form_submit_button("Other", key="other")
st.write(name, agreed, done, age, st.session_state.get("sent"))
