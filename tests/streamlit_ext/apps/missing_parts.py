"""Commands whose libraries are not installed here: they raise, and the app tells so."""

import streamlit as st


def figure() -> object:
    """Return something that is no figure."""
    return {"data": []}


for name, draw in {
    "plotly": lambda: st.plotly_chart(figure()),
    "matplotlib": lambda: st.pyplot(figure()),
    "streamlit-pdf": lambda: st.pdf(b"%PDF-1.4") if hasattr(st, "pdf") else None,
}.items():
    try:
        draw()
    except Exception as error:
        st.error(f"{name}: {type(error).__name__}: {error}")
