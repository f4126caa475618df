"""Values of any kind as well-behaved columns."""

from __future__ import annotations

import decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools.columns import cell_text, from_arrow, from_values, join, unique_names


def column(*values, kind=None):
    return from_arrow(pa.chunked_array([pa.array(values, kind)]))


@given(st.lists(st.one_of(st.none(), st.integers(), st.text())))
def test_names_are_filled_and_differ(names):
    """Any list of names becomes as many names, none empty and no two equal."""
    made = unique_names(names)
    assert len(names) == len(set(made))
    assert all(made)


def test_names_that_are_fine_stay():
    """Only a name that is empty, untidy or taken is changed."""
    assert unique_names(["a", "a", None, " b\n c "]) == ["a", "a (2)", "Column 3", "b c"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (float("nan"), None),
        ("a", "a"),
        (b"\xffa", "\\xffa"),
        ({"a": [1]}, '{"a": [1]}'),
        (7, "7"),
    ],
)
def test_cell_text(value, text):
    """Each kind of value has one form as text; what is missing stays missing."""
    assert text == cell_text(value)


def test_mixed_values_become_text():
    """Values that share no type are kept as text, none lost."""
    assert from_values([1, "a", None]).to_pylist() == ["1", "a", None]


def test_joined_tables_keep_clashing_values_as_text():
    """A column that is a number here and a text there is text in the whole."""
    joined = join([pa.table({"a": [1, 2]}), pa.table({"a": ["x"], "b": [True]})])
    assert joined.to_pydict() == {"a": ["1", "2", "x"], "b": [None, None, True]}


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        ((1, 2), pa.uint8(), "int64"),
        ((1, None), pa.int32(), "Int64"),
        ((2**63,), pa.uint64(), "uint64"),
        ((decimal.Decimal("1.50"),), None, "float64"),
        (("a", "a"), pa.dictionary(pa.int8(), pa.string()), "str"),
        ((0,), pa.date32(), "datetime64[ms]"),
        (([1],), None, "str"),
        ((None,), pa.null(), "str"),
        ((3,), pa.duration("s"), "str"),
    ],
)
def test_arrow_types_become_few(values, kind, dtype):
    """Whatever type a file has, the table has one of a few."""
    assert dtype == str(column(*values, kind=kind).dtype)
