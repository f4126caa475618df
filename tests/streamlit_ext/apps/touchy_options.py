"""Options and state whose comparing, truth, length and showing raise."""

import streamlit as st


class Touchy:
    """Can be held and formatted, nothing else."""

    def __init__(self, name: str) -> None:
        self.name = name

    def _refuse(self, *_: object) -> object:
        raise RuntimeError(f"{self.name} was touched")

    __bool__ = __len__ = __repr__ = __str__ = __iter__ = _refuse
    __lt__ = __getitem__ = __contains__ = _refuse


class Incomparable(Touchy):
    """Can be held, nothing else; Streamlit itself compares options."""

    __eq__ = __ne__ = Touchy._refuse
    __hash__ = object.__hash__


def shown(thing: object) -> str:
    """Return a name of anything."""
    return thing if isinstance(thing, str) else thing.name


if "things" not in st.session_state:
    st.session_state["things"] = [Touchy("one"), Touchy("two")]
    st.session_state["thing"] = Incomparable("alone")
things = st.session_state["things"]
st.button("Go")
picked = st.selectbox("Picked", things, format_func=shown)
some = st.multiselect("Some", things, format_func=shown)
st.write(shown(picked), len(some))
if st.button("Compared"):
    other = st.selectbox("Other", [Incomparable("x"), Incomparable("y")], format_func=shown)
if st.button("Drawn"):
    st.write(st.session_state["thing"])
