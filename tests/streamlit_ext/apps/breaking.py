"""Everything that raises: body, callbacks, fragments, dialogs, and notes on errors."""

import streamlit as st


def in_callback(word: str) -> None:
    """Raise before the script runs."""
    raise KeyError(word)


@st.fragment
def in_fragment() -> None:
    """Raise in a part of the page."""
    if st.button("Fragment"):
        raise OSError(5, "in a fragment")


@st.dialog("Window")
def in_dialog() -> None:
    """Raise in a window."""
    st.write("soon")
    raise TypeError("in a dialog")


st.button("Callback", on_click=in_callback, args=("word",))
in_fragment()
if st.button("Dialog"):
    in_dialog()
if st.button("Body"):
    error = ValueError("in the body", 3)
    error.add_note("a note")
    raise error
if st.button("Group"):
    raise ExceptionGroup("several", [ValueError("one"), KeyError("two")])
if st.button("Recursion"):

    def down() -> None:
        """Never end."""
        down()

    down()
if st.button("Same key twice"):
    st.text_input("a", key="same")
    st.text_input("b", key="same")
if st.button("Same widget twice"):
    st.checkbox("twin")
    st.checkbox("twin")
if st.button("Wrong use"):
    st.form_submit_button("outside")
st.write("the end")
