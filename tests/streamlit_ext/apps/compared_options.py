"""Options whose comparison gives something that notes each time its truth is asked."""

import streamlit as st

asked = st.session_state.setdefault("asked", [])


class Answer:
    """What a comparison gives."""

    def __init__(self, *, truth: bool) -> None:
        self.truth = truth

    def __bool__(self) -> bool:
        asked.append("truth")
        return self.truth


class Compared(str):
    """A word that is compared to an answer of its own."""

    def __ne__(self, other: object) -> object:
        asked.append("compared")
        return Answer(truth=str.__ne__(self, str(other)))

    __eq__ = str.__eq__
    __hash__ = str.__hash__


two = st.selectbox("Compared", [Compared("a"), Compared("b")], key="compared")
st.text(",".join(asked))
