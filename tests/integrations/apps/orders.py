"""An app that breaks, with the recorder in it; Sentry is set up by whoever runs it."""

import logging

import sentry_sdk
import streamlit as st

from datatools_audit import audit_action
from streamlit_ext import instrument, support_code

instrument(app="orders", values="choices")
country = st.selectbox("Country of ann@example.org", ["AT", "DE"])
with audit_action("load", rows=3):
    logging.getLogger("orders").warning("loading")
if st.button("Break"):
    raise LookupError("password=hunter22")
if st.button("Handle"):
    try:
        raise ValueError("handled")
    except ValueError as error:
        sentry_sdk.capture_exception(error)
        raise
st.text(support_code() or "none")
