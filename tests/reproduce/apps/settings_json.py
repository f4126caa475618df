"""Settings as JSON, typed by hand."""

import json

import streamlit as st

from streamlit_ext import instrument

instrument(app="settings")


def loaded(text: str) -> dict:
    return json.loads(text)


st.title("Settings")
text = st.text_area("Settings", '{"size": 3}')
st.write(loaded(text))
