"""Each error has a code that a person can read out and support can search for."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from streamlit_ext import support_code
from streamlit_ext.codes import ALPHABET, new_code
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category


def app_that_breaks() -> None:
    import streamlit as st

    from streamlit_ext import instrument, support_code

    instrument(app="shop")
    st.text(support_code() or "none")
    if st.button("Break"):
        raise LookupError("broken")


def test_code_is_short_and_of_unmistakable_characters() -> None:
    """`E-` and six of Crockford's 32; a hundred drawn are a hundred."""
    codes = {new_code(None) for _ in range(100)}
    assert 100 == len(codes)
    assert all(re.fullmatch(f"E-[{ALPHABET}]{{6}}", code) for code in codes)
    assert 32 == len(set(ALPHABET))
    assert not set("ILOU") & set(ALPHABET)


def test_code_of_an_uncaught_error_is_in_its_record_and_told_to_the_app() -> None:
    """The app sees the last one of its own session from the next run on."""
    app = AppTest.from_function(app_that_breaks).run()
    assert "none" == app.text[0].value
    app.button[0].click().run()
    (first,) = by_category(written_records(), "error")
    app.run()
    assert first["support_code"] == app.text[0].value
    app.button[0].click().run()
    codes = [record["support_code"] for record in by_category(written_records(), "error")]
    app.run()
    assert (2, codes[-1]) == (len(set(codes)), app.text[0].value)


def test_code_outside_of_a_run_is_none() -> None:
    """There is no session whose error it could be."""
    assert support_code() is None
