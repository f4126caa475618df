"""Tables as files to take away, and words for what is shown."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools.loading import load, load_sample
from datatools.wording import code_span, count, size
from datatools.writing import download_name, written


@pytest.mark.parametrize(("form", "name"), [("CSV", "a.csv"), ("Parquet", "a.parquet")])
def test_what_is_taken_away_can_be_loaded_again(form, name):
    """A file that the app writes is the same table when the app reads it."""
    frame = load_sample().frame
    again = load(name, io.BytesIO(written(frame, form))).frame
    assert frame.astype("str").equals(again.astype("str"))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("My data.xlsx", "My-data-cleaned.csv"),
        ("../../etc/passwd", "passwd-cleaned.csv"),
        ('<b>"x".csv', "b-x-cleaned.csv"),
        ("...", "data-cleaned.csv"),
        ("größe.csv", "größe-cleaned.csv"),
    ],
)
def test_download_names_are_harmless(name, made):
    """A hostile name becomes letters, digits and hyphens."""
    assert made == download_name(name, "CSV")


@given(st.text())
def test_code_spans_hold_anything(text):
    """The fence is longer than any run of backticks inside, and there is one line."""
    span = code_span(text)
    fence = span[: len(span) - len(span.lstrip("`"))]
    assert span.endswith(fence)
    assert fence not in span[len(fence) : -len(fence)]
    assert "\n" not in span


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (24_813, "24.8 kB"), (2e8, "200.0 MB"), (3e9, "3.0 GB")],
)
def test_sizes(number, said):
    """Sizes are told in units of 1000."""
    assert said == size(number)


def test_counts_have_their_plural():
    """One is singular, anything else plural, thousands are grouped."""
    assert [count(number, "row") for number in (1, 0, 1204)] == ["1 row", "0 rows", "1,204 rows"]
