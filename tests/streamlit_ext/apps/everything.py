"""A dozen kinds of widgets with keys, on two pages."""

import datetime

import streamlit as st

needs = "1.62"  # before, AppTest forgets the page or a widget


def break_it() -> None:
    """Raise before the page is drawn."""
    raise ValueError("broken")


def first() -> None:
    """Have most of them."""
    st.button("Go", key="go")
    st.checkbox("Agree", key="agree")
    st.toggle("Dark", key="dark")
    st.radio("Size", ["S", "M", "L"], key="size")
    st.selectbox("Town", ["Bern", "Genf"], key="town")
    st.multiselect("Colours", ["red", "blue"], key="colours")
    st.slider("Age", 0, 9, 5, key="age")
    st.select_slider("Grade", ["low", "high"], key="grade")
    st.color_picker("Colour", "#000000", key="colour")
    st.text_input("Name", key="name")
    st.text_input("Secret", key="secret", type="password")
    st.number_input("Count", 0, 9, 1, key="count")
    st.date_input("Day", datetime.date(2026, 1, 1), key="day")
    st.time_input("Hour", datetime.time(8, 0), key="hour")
    with st.form("form"):
        st.text_area("Story", key="story")
        st.checkbox("Sure", key="sure")
        sent = st.form_submit_button("Send")
    st.write(dict(st.session_state), sent)
    if st.button("Leave", key="leave"):
        st.switch_page(other)


def second() -> None:
    """Have a chat and a way back."""
    said = st.chat_input("Say", key="say")
    st.write(said)
    st.checkbox("Agree here too", key="agree")
    st.button("Break", key="break", on_click=break_it)
    if st.button("Back", key="back"):
        st.switch_page(start)


start, other = st.Page(first, default=True), st.Page(second)
st.navigation([start, other]).run()
