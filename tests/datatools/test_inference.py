"""What text in a column is taken for."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools.inference import infer


def inferred(*values, **options):
    return infer(pa.chunked_array([pa.array(values, pa.large_string())]), **options)


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (("1", "-2"), "int64"),
        (("1", None), "Int64"),
        (("1.5", " 2 "), "float64"),
        (("true", "False"), "bool"),
        (("true", None), "boolean"),
        (("2024-01-31", "2024-02-01T10:00:00"), "datetime64[us]"),
        (("2024-01-31T10:00:00Z",), "datetime64[us, UTC]"),
        (("a", "1"), "str"),
        ((None, None), "str"),
        (("2024-13-45",), "str"),
    ],
)
def test_type_is_the_narrowest_that_fits(values, dtype):
    """A type is taken only when every value of the column fits."""
    assert dtype == str(inferred(*values).dtype)


@pytest.mark.parametrize("code", ["007", "-01", "1234567890123456789012"])
def test_codes_stay_text(code):
    """A value that would lose a digit as a number stays as it is."""
    assert [code, "5"] == list(inferred(code, "5"))


def test_decimal_comma_only_where_it_is_meant():
    """`1,5` is a number in a file cut by semicolons, and text elsewhere."""
    assert list(inferred("1,5", "2", decimal_comma=True)) == [1.5, 2.0]
    assert list(inferred("1,5", "2")) == ["1,5", "2"]


@given(st.lists(st.integers(-(10**17), 10**17), min_size=1))
def test_whole_numbers_come_back(numbers):
    """Whatever whole number was written is the number read."""
    assert numbers == list(inferred(*map(str, numbers)))


@given(st.lists(st.text(), min_size=1))
def test_text_never_raises(texts):
    """Any text gives a column of the same length."""
    assert len(texts) == len(inferred(*texts))
