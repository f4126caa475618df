"""Exceptions that cannot be shown, compared or counted."""

import streamlit as st

needs = "1.67"  # before, what ends the thread leaves AppTest waiting


class MuteError(Exception):
    """Has no words."""

    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


class ClosedError(Exception):
    """Takes no attributes and has no truth."""

    __slots__ = ()

    def __bool__(self) -> bool:
        raise RuntimeError("no truth")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not comparable")


class SealedError(Exception):
    """Takes no attributes, its traceback neither."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)


KEPT = st.session_state.setdefault("kept", ClosedError("the same each time"))
if st.button("Closed"):
    raise KEPT
if st.button("Sealed"):
    raise SealedError("by Streamlit")
if st.button("Mute"):
    raise MuteError
st.write(sorted(vars(KEPT)))
