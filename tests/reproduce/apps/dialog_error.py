"""Orders are moved in a dialog; not every place has a shelf."""

import streamlit as st

from streamlit_ext import instrument

instrument(app="stock")

SHELVES = {"Cellar": 4, "Attic": 2}


def move(place: str) -> None:
    st.session_state["shelf"] = SHELVES[place]


@st.dialog("Move the order")
def ask() -> None:
    place = st.selectbox("Where to?", ["Cellar", "Attic", "Garage"])
    if st.button("Move"):
        move(place)
        st.rerun()


st.title("Stock")
st.write("On shelf", st.session_state.get("shelf"))
if st.button("Move it"):
    ask()
