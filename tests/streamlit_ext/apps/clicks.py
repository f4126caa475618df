"""Everything that is only clicked."""

import streamlit as st


def count(step: int = 1) -> None:
    """Count in a callback."""
    st.session_state["count"] = st.session_state.get("count", 0) + step


plain = st.button("Plain")
keyed = st.button("Keyed", key="keyed", on_click=count, kwargs={"step": 2}, type="primary")
asleep = st.button("Asleep", disabled=True)
got = st.download_button("Get", "a,b\n", "table.csv", on_click=count)
left = st.link_button("Leave", "https://example.com")
st.write(plain, keyed, asleep, st.session_state.get("count"))
