"""The page of 200 widgets that every contestant draws: eight kinds, 25 of each."""

from __future__ import annotations

import streamlit as st

OF_EACH = 25
BUTTONS = tuple(f"button-{n}" for n in range(OF_EACH))
CHOICES = ("first", "second", "third", "fourth")


def draw() -> None:
    """Draw them all; the kinds take turns."""
    for n, button in enumerate(BUTTONS):
        st.button(f"Do {n}", key=button)
        st.checkbox(f"Check {n}", key=f"checkbox-{n}")
        st.selectbox(f"Select {n}", CHOICES, key=f"selectbox-{n}")
        st.slider(f"Slide {n}", 0, 100, 50, key=f"slider-{n}")
        st.text_input(f"Type {n}", key=f"text-{n}")
        st.number_input(f"Count {n}", 0, 100, 5, key=f"number-{n}")
        st.radio(f"Choose {n}", CHOICES, key=f"radio-{n}")
        st.multiselect(f"Collect {n}", CHOICES, CHOICES[:2], key=f"multiselect-{n}")
