"""Tests of values: what was recorded becomes source that is the value, or says what is missing."""

from __future__ import annotations

import ast
import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.support.reproduce.likely import NotRecorded
from datatools_audit.support.reproduce.values import counts, names, value_of

NAMES = {"datetime": datetime, "NotRecorded": NotRecorded}
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
KINDS = st.sampled_from(
    ["text_input", "slider", "date_input", "selectbox", "multiselect", "chat_input", "widget"]
)


@pytest.mark.parametrize(
    ("kind", "recorded", "value"),
    [
        ("text_input", "Rosa", "Rosa"),
        ("text_input", "2026-01-02", "2026-01-02"),
        ("selectbox", None, None),
        ("multiselect", ["a", 1], ["a", 1]),
        ("date_input", "2026-01-02", datetime.date(2026, 1, 2)),
        ("date_input", ["2026-01-02"], [datetime.date(2026, 1, 2)]),
        ("time_input", "09:30:00", datetime.time(9, 30)),
        ("datetime_input", "2026-01-02T09:00:00", datetime.datetime(2026, 1, 2, 9)),
        ("slider", "1970-01-02", datetime.date(1970, 1, 2)),
        ("slider", [1, 5], [1, 5]),
        ("date_input", "no date", "no date"),
    ],
)
def test_value_that_was_recorded_is_that_value(kind: str, recorded: object, value: object) -> None:
    """Nothing is missing; a date is a date again."""
    found = value_of(kind, recorded)
    assert (value, "") == (eval(found.source, dict(NAMES)), found.missing)


@pytest.mark.parametrize(
    ("kind", "shape", "source", "missing"),
    [
        (
            "text_input",
            {"type": "str", "length": 5},
            "'xxxxx'",
            "typed text of 5 characters was not recorded",
        ),
        (
            "text_area",
            {"type": "str", "length": 1000},
            "'x' * 1000",
            "typed text of 1,000 characters was not recorded",
        ),
        ("text_area", {"type": "str", "length": 0}, "''", ""),
        ("text_input", {"type": "password"}, "'not recorded'", "a password is never recorded"),
        ("toggle", {"type": "bool"}, 'NotRecorded("bool")', ""),
        (
            "selectbox",
            {"type": "str", "length": 4},
            "NotRecorded('str', 4)",
            "the option was not recorded, only its length: 4",
        ),
        ("selectbox", {"type": "Town"}, "NotRecorded('Town')", "the option was not recorded"),
        (
            "multiselect",
            {"type": "list", "length": 2},
            "NotRecorded('list', 2)",
            "which 2 of the options was not recorded",
        ),
        ("multiselect", {"type": "list", "length": 0}, "NotRecorded('list', 0)", ""),
        (
            "multiselect",
            [{"type": "Town"}, "x"],
            "NotRecorded('list', 2)",
            "which 2 of the options was not recorded",
        ),
        (
            "number_input",
            {"type": "int"},
            "NotRecorded('int')",
            "the number was not recorded; one at a bound is tried",
        ),
        ("date_input", {"type": "date"}, "NotRecorded('date')", "the date was not recorded"),
        ("color_picker", {"type": "str", "length": 7}, "'#000000'", "the colour was not recorded"),
        (
            "chat_input",
            {"type": "ChatInputValue", "length": 2, "files": 1},
            "'xx'",
            "typed text of 2 characters was not recorded",
        ),
        ("chat_input", {"type": "ChatInputValue", "length": 2, "text": "Hi"}, "'Hi'", ""),
        (
            "slider",
            "<left out>",
            'NotRecorded("object")',
            "the value was left out of the bundle",
        ),
        ("text_input", "<left out>", "'x'", "the value was left out of the bundle"),
        (
            "text_input",
            "to <email-1>",
            "'to <email-1>'",
            "a part of this text may have been taken out",
        ),
    ],
)
def test_value_that_was_not_recorded_says_so(
    kind: str, shape: object, source: str, missing: str
) -> None:
    """What stands for it has the recorded shape; of two sides nothing is missing."""
    found = value_of(kind, shape)
    assert (source, missing) == (found.source, found.missing)


def test_value_that_was_cut_says_so() -> None:
    """A text that was too long for its record is not the one that was typed."""
    found = value_of("text_area", "x" * 100, is_cut=True)
    assert "the end of this text was not recorded: it was too long" == found.missing


@given(KINDS, PLAIN)
def test_value_of_any_plain_kind_is_the_same_again(kind: str, recorded: Any) -> None:
    """Whatever stands in a record, the source is that value or the date that it writes."""
    found = eval(value_of(kind, recorded).source, dict(NAMES))
    assert recorded == (found.isoformat() if isinstance(found, datetime.date) else found) or (
        isinstance(found, datetime.date | datetime.time) or recorded == "<left out>"
    )


@given(KINDS, JSON)
def test_value_is_never_more_than_literals(kind: str, recorded: Any) -> None:
    """No name is called but those of dates and of what was not recorded."""
    tree = ast.parse(value_of(kind, recorded).source, mode="eval")
    called = {ast.unparse(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)}
    named = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    allowed = {"NotRecorded", "float", "datetime.date", "datetime.time", "datetime.datetime"}
    assert called <= allowed | {"datetime.timezone", "datetime.timedelta"}
    assert named <= {"NotRecorded", "float", "datetime"}


@given(JSON)
def test_value_of_an_edit_is_counts_and_names(shape: Any) -> None:
    """Counts are whole and bounded, names are texts, whatever is recorded."""
    assert all(0 < count <= 10_000 for _, count in counts(shape))
    assert all(type(name) is str for name in names(shape))


def test_value_of_an_edit_tells_each_part() -> None:
    """What is 0 is not told."""
    shape = {"type": "dict", "edited_rows": 1, "added_rows": 0, "columns": ["town"]}
    assert ((("edited_rows", 1),), ("town",)) == (counts(shape), names(shape))
