"""What is drawn as text stays text."""

from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from streamlit_ext.diagnostics.widgets import clock_of, escaped, plain


@given(st.text())
def test_escaped_has_no_markup(text: str) -> None:
    """Escaped text has no sign that HTML gives a meaning, and says the same."""
    shown = escaped(text)
    assert not set("<>\"'") & set(shown)
    assert text == html.unescape(shown)


@given(st.text())
def test_plain_has_no_markdown(text: str) -> None:
    """What may stand in a label has no sign that Markdown or LaTeX gives a meaning."""
    assert not set("*_[]$`<>#|~\\{}!") & set(plain(text))


def test_clock_of_what_is_none() -> None:
    """A `ts` that is no time is shown as it is."""
    assert "yesterday" == clock_of("yesterday")
