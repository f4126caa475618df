"""Sizes, durations and values are said in plain words."""

from __future__ import annotations

import pytest

from datatools_audit.reading.wording import clean, duration, extras, size, value


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (24_813, "24.8 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (3.5e9, "3.5 GB"),
        (10**17, "100000.0 TB"),
        (-1, ""),
        (True, ""),
        ("5", ""),
        pytest.param(10**5000, "", id="long"),
        (float("nan"), ""),
    ],
)
def test_wording_of_a_size(given: object, expected: str) -> None:
    """Decimal units, one figure behind the point; of what is no size nothing."""
    assert expected == size(given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (0.2, "under 0.01 s"),
        (19, "0.02 s"),
        (94.9, "0.09 s"),
        (95, "0.1 s"),
        (400, "0.4 s"),
        (2_100.4, "2.1 s"),
        (9_949, "9.9 s"),
        (9_960, "10 s"),
        (59_600, "1 min"),
        (125_000, "2 min 5 s"),
        (3_900_000, "1 h 5 min"),
        (180_000_000, "2 d 2 h"),
        (-5, ""),
        ("1", ""),
        (float("inf"), ""),
    ],
)
def test_wording_of_a_duration(given: object, expected: str) -> None:
    """Two units at most; of what is no duration nothing."""
    assert expected == duration(given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, "empty"),
        ("", "empty"),
        ("Bern", "“Bern”"),
        (True, "on"),
        (7, "7"),
        (0.1 + 0.2, "0.3"),
        pytest.param(10**5000, "a long number", id="long"),
        ([], "empty"),
        (["a"], "“a”"),
        (["a", "b", "c"], "“a”, “b” and “c”"),
        (["a", "b", "c", "d", "e"], "“a”, “b”, “c” and 2 more"),
        ([[1], [2, 3]], "1 value and 2 values"),
        ([{"type": "UploadedFile"}] * 2, "2 files"),
        ([{"a": 1}], "1 value"),
        ({"type": "str", "length": 5}, "text of 5 characters"),
        ({"type": "str", "length": 1}, "text of 1 character"),
        ({"type": "str", "length": 0}, "empty"),
        ({"type": "list", "length": 2}, "2 values"),
        ({"type": "tuple", "length": 0}, "empty"),
        ({"type": "dict", "length": 3}, "3 values"),
        ({"type": "int"}, "a number"),
        ({"type": "bool"}, ""),
        ({"type": "date"}, "a date"),
        ({"type": "datetime"}, "a date and a time"),
        ({"type": "password"}, "a password"),
        ({"type": "UploadedFile"}, "a file"),
        ({"type": "Gauge"}, "a value of type Gauge"),
        ({"type": 5}, "1 value"),
        (
            {"type": "dict", "rows": 2, "columns": 1, "cells": 0},
            "2 rows selected, 1 column selected",
        ),
        ({"type": "dict", "rows": 0, "columns": 0, "cells": 0}, "nothing selected"),
        (
            {"type": "dict", "points": 1, "point_indices": 1, "box": 2},
            "1 point selected, 2 boxes drawn",
        ),
        ({"type": "dict", "selected": 3}, "3 objects selected"),
        (
            {"type": "dict", "edited_rows": 1, "added_rows": 0, "deleted_rows": 2},
            "1 row edited, 2 rows deleted",
        ),
        (
            {"type": "dict", "edited_rows": 1, "columns": ["size", "town"]},
            "1 row edited, in “size” and “town”",
        ),
        ({"type": "ChatInputValue", "length": 4, "files": 2}, "text of 4 characters, 2 files"),
        ({"type": "ChatInputValue", "length": 0, "files": 1, "text": ""}, "1 file"),
        ({"type": "ChatInputValue", "length": 4, "files": 0, "text": "Rosa"}, "“Rosa”"),
    ],
)
def test_wording_of_a_value(given: object, expected: str) -> None:
    """Each form that the policies of values make, and what no policy makes."""
    assert expected == value(given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a b", "a b"),
        ("a\n\tb", "a b"),
        ("\x1b[31mred", "[31mred"),
        ("abc\u202edef", "abc def"),
        ("\ud800", ""),
        ("x" * 11, "x" * 9 + "…"),
        ("\x00" * 100, "…"),
        (b"bytes", ""),
        (None, ""),
    ],
)
def test_wording_of_a_foreign_text(given: object, expected: str) -> None:
    """One line, cut, without what no screen shows."""
    assert expected == clean(given, 10)


def test_wording_of_extras_is_short() -> None:
    """The first of many, and that there are more."""
    assert "" == extras({})
    many = extras({f"name {number}": number for number in range(20)})
    assert many.startswith(" (name 0: 0, name 1: 1, ")
    assert many.endswith(", name 7: 7, …)")
