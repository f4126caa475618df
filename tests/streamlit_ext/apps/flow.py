"""Stops and reruns, in the body, in callbacks, and amid try and finally."""

import streamlit as st

log = st.session_state.setdefault("log", [])


def again() -> None:
    """Ask for a rerun where there is one anyway."""
    log.append("callback")
    st.rerun()


log.append("run")
if st.button("Stop"):
    st.stop()
if st.button("Rerun") or len(log) == 1:
    st.rerun()
st.button("Callback", on_click=again)
if st.button("Guarded"):
    try:
        st.rerun()
    except Exception:
        log.append("caught what is no error")
    finally:
        log.append("finally")
st.write(list(log))
