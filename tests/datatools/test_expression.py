"""What may be calculated, and what may not."""

from __future__ import annotations

import contextlib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools.errors import ExpressionError
from datatools.expression import evaluate, example

FRAME = pd.DataFrame(
    {
        "a": [1, 2, 3],
        "b": [2.0, 0.0, 4.0],
        "with space (g)": pd.array([10, None, 30], dtype="Int64"),
        "t": ["x", "y", "x"],
        "__class__": [7, 8, 9],
    }
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a + 1", [2, 3, 4]),
        ("-(a - b) * 2", [2.0, -4.0, 2.0]),
        ("a > 1 and b > 0", [False, False, True]),
        ("not a > 1", [True, False, False]),
        ("1 < a <= 2", [False, True, False]),
        ("t == 'x'", [True, False, True]),
        ("`a` % 2", [1, 0, 1]),
        ("`__class__` // 2", [3, 4, 4]),
        ("a", [1, 2, 3]),
    ],
)
def test_columns_are_calculated(text, values):
    """Arithmetic, comparisons and their combinations give a column."""
    assert values == list(evaluate(FRAME, text))


def test_names_in_backticks_may_hold_anything():
    """A column is found by its name, with missing values staying missing."""
    assert [
        None if pd.isna(value) else value for value in evaluate(FRAME, "`with space (g)` + a")
    ] == [11, None, 33]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a +",
        "a = 1",
        "a b",
        "`a",
        "missing + 1",
        "`missing` + 1",
        "@pd",
        "__class__",
        "a.__class__",
        "a.sum()",
        "abs(a)",
        "a[0]",
        "a ** 9",
        "9 ** 9 ** 9",
        "'x' * 1000000000",
        "t + a",
        "a / 'x'",
        "a; b",
        "a if b else a",
        "lambda: a",
        "[a]",
        "f'{a}'",
        "b'x' == a",
        "a == None",
        "a + 1 / 0",
        "a + " * 200 + "a",
        "(" * 240 + "a" + ")" * 240,
        "~" * 490 + "a",
        "a\0b",
        "import os",
        "a := 1",
    ],
)
def test_anything_else_is_refused(text):
    """What is no arithmetic or comparison of columns is refused in one line."""
    with pytest.raises(ExpressionError) as refused:
        evaluate(FRAME, text)
    assert "\n" not in str(refused.value)


def test_a_single_equals_sign_is_explained():
    """Writing = for == is so common that the way out is told."""
    with pytest.raises(ExpressionError, match="=="):
        evaluate(FRAME, "a = 1")


def test_an_expression_without_columns_gives_no_column():
    """The planted fault of the tour: the result is a bare number."""
    assert evaluate(FRAME, "1 + 2") == 3


@given(st.text(max_size=40))
def test_any_text_is_calculated_or_refused(text):
    """No text whatever raises anything but a refusal."""
    with contextlib.suppress(ExpressionError):
        evaluate(FRAME, text)


@pytest.mark.parametrize("names", [["a", "b"], ["with space (g)"], ["with space (g)", "a"]])
def test_the_example_works(names):
    """The calculation that is shown as an example can be calculated."""
    assert len(evaluate(FRAME, example(FRAME[names]))) == 3
