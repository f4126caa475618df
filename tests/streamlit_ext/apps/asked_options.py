"""Options that note each time that one of their methods is run."""

import streamlit as st

asked = st.session_state.setdefault("asked", [])


class Noting(str):
    """A word that notes who asks."""

    def __len__(self) -> int:
        asked.append("len")
        return str.__len__(self)

    def __bool__(self) -> bool:
        asked.append("bool")
        return True

    def __iter__(self) -> object:
        asked.append("iter")
        return str.__iter__(self)

    __hash__ = str.__hash__


class Masked:
    """Something that notes when its class is asked."""

    @property
    def __class__(self) -> type:  # type: ignore[override]
        asked.append("class")
        return Masked


def shown(thing: object) -> str:
    """Return a name of anything."""
    return thing if type(thing) is str else "masked"


words = [Noting("one"), Noting("two")]
one = st.radio("Word", words)
some = st.multiselect("Words", words)
hidden = st.selectbox("Masked", ["plain", Masked()], format_func=shown, key="masked")
st.text(",".join(asked))
