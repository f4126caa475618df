"""Pages that are functions, links between them, and a switch."""

import streamlit as st


def home() -> None:
    """Have a widget and a way out."""
    st.text_input("Name", key="name")
    if st.button("Go"):
        st.switch_page(other)


def report() -> None:
    """Have a way back, and an error."""
    st.write("report")
    if st.button("Stop on a page"):
        st.stop()
    if st.button("Back"):
        st.switch_page(start)


start = st.Page(home, title="Home", icon="🏠", default=True)
other = st.Page(report, title="Report", url_path="numbers")
page = st.navigation({"Main": [start], "More": [other]}, position="sidebar")
st.page_link(other, label="To the report")
page.run()
st.write("below", page.title)
