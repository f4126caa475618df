"""What of the page's state is in its address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from streamlit_ext.diagnostics.link import Link, as_code, parsed

texts = st.text() | st.sampled_from(["../../etc/passwd", "2026-05-19\n", "a1b2c3d4'--", "E-ABCDE"])


def test_link_of_an_address() -> None:
    """Day, session and code are read where they have their form."""
    query = {"day": "2026-05-19", "session": "a1b2c3d4", "code": "e-7k3f9q", "other": "x"}
    assert Link("2026-05-19", "a1b2c3d4", "E-7K3F9Q") == parsed(query)


@given(st.dictionaries(st.sampled_from(["day", "session", "code"]), texts))
def test_link_of_any_address_has_the_form_or_is_nothing(query: dict[str, str]) -> None:
    """Nothing else than digits, hex digits and codes comes through."""
    link = parsed(query)
    for value in (link.day, link.session, link.code):
        assert value is None or value.replace("-", "").isalnum()
        assert value is None or value.isascii()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("E-7K3F9Q", "E-7K3F9Q"),
        (" e 7k3f9q ", "E-7K3F9Q"),
        ("7K3-F9Q", "E-7K3F9Q"),
        ("E-OIL000", "E-011000"),
        ("E-7K3F9", None),
        ("E-7K3F9U", None),
        ("", None),
        ("E12345", "E-E12345"),
    ],
)
def test_link_code_as_somebody_types_it(typed: str, code: str | None) -> None:
    """A code read out over a telephone is understood, anything else is none."""
    assert code == as_code(typed)


def test_link_leaves_the_apps_own_query_alone() -> None:
    """The page writes its three names and touches no other."""

    def app() -> None:
        import streamlit as st

        from streamlit_ext.diagnostics.link import Link, write

        write(Link(session="a1b2c3d4"))
        st.text(str(sorted(st.query_params.to_dict().items())))

    run = AppTest.from_function(app)
    run.query_params["mine"] = "kept"
    run.query_params["day"] = "2026-05-19"
    assert "[('mine', 'kept'), ('session', 'a1b2c3d4')]" == run.run().text[0].value
