"""A connection of the app's own kind."""

import streamlit as st
from streamlit.connections import BaseConnection


class Numbers(BaseConnection[list]):
    """Gives numbers."""

    def _connect(self, **_: object) -> list[int]:
        return [1, 2, 3]

    def query(self) -> int:
        """Return their sum."""
        return sum(self._instance)


total = st.connection("numbers", type=Numbers).query()
st.write(total)
