"""Components of the second kind: values and triggers, with callbacks."""

import streamlit as st

needs = "1.51"


def heard() -> None:
    """Note that something came."""
    st.session_state["heard"] = st.session_state.get("heard", 0) + 1


draw = st.components.v2.component("counter", html="<b>0</b>", js="export default () => {}")
result = draw(
    key="counter",
    data={"from": 1},
    default={"value": "none"},
    on_value_change=heard,
    on_clicked_change=heard,
)
st.write(result.value, result.clicked, st.session_state.get("heard"))
