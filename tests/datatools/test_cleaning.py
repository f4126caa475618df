"""Steps that make a table cleaner."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools import cleaning
from datatools.dataset import UNDO_DEPTH, DataSet
from datatools.errors import StepError
from datatools.filling import fill_missing, methods_for


def frame():
    return pd.DataFrame(
        {
            "whole": pd.array([None, 1, 2, 2], dtype="Int64"),
            "text": [" a ", "b", None, " "],
            "when": pd.to_datetime(["2024-01-01", None, None, "2024-01-02"]),
            "flag": pd.array([True, None, False, True], dtype="boolean"),
        }
    )


def test_duplicates_are_counted_and_dropped():
    """The rows counted are the rows dropped, and the first stays."""
    table = pd.DataFrame({"a": [1, 1, 2], "b": ["x", "x", "x"]})
    assert cleaning.count_duplicates(table) == 1
    assert list(cleaning.drop_duplicates(table)["a"]) == [1, 2]


def test_whitespace_is_counted_and_trimmed():
    """The cells counted are the cells changed; nothing but whitespace is missing."""
    table = frame()
    trimmed = cleaning.trim_whitespace(table)
    assert cleaning.count_untrimmed(table) == 2
    assert [None if pd.isna(v) else v for v in trimmed["text"]] == ["a", "b", None, None]
    assert cleaning.count_untrimmed(trimmed) == 0


@given(st.lists(st.one_of(st.none(), st.text())))
def test_trimming_twice_is_trimming_once(values):
    """A trimmed table has nothing left to trim."""
    table = pd.DataFrame({"t": pd.Series(values, dtype="str")})
    assert cleaning.count_untrimmed(cleaning.trim_whitespace(table)) == 0


@pytest.mark.parametrize(
    ("name", "method", "value", "filled"),
    [
        ("whole", "value", "7", 7),
        ("whole", "value", "7.5", 7.5),
        ("whole", "value", "1e30", 1e30),
        ("whole", "mean", "", 5 / 3),
        ("whole", "median", "", 2),
        ("whole", "most frequent", "", 2),
        ("text", "value", "none", "none"),
        ("when", "value", "2025-05-05", pd.Timestamp("2025-05-05")),
        ("when", "previous", "", pd.Timestamp("2024-01-01")),
        ("flag", "value", "No", False),
        ("flag", "most frequent", "", True),
    ],
)
def test_missing_values_are_filled(name, method, value, filled):
    """Each method fills the empty cells, and only those."""
    before = frame()[name]
    after = fill_missing(frame(), name, method, value)[name]
    assert {filled} == set(after[before.isna()])
    assert list(before.dropna()) == list(after[before.notna()])


def test_a_previous_value_is_not_made_up():
    """Cells with nothing above them stay empty, and are counted beforehand."""
    column = fill_missing(frame(), "whole", "previous")["whole"]
    assert 1 == cleaning.leading_missing(frame()["whole"]) == int(column.isna().sum())


@pytest.mark.parametrize(
    ("name", "value"),
    [("whole", "x"), ("whole", "nan"), ("when", "x"), ("flag", "maybe"), ("text", " ")],
)
def test_a_value_that_does_not_fit_is_refused(name, value):
    """A value of another kind than the column's is refused."""
    with pytest.raises(StepError):
        fill_missing(frame(), name, "value", value)


def test_nothing_can_be_taken_from_an_empty_column():
    """A column without values has no mean and no most frequent value."""
    table = pd.DataFrame({"a": pd.Series([None], dtype="float64")})
    for method in ("mean", "median", "most frequent"):
        with pytest.raises(StepError):
            fill_missing(table, "a", method)


def test_methods_fit_the_kind():
    """A mean is offered for numbers only."""
    assert "mean" in methods_for(frame()["whole"])
    assert "mean" not in methods_for(frame()["text"])


def test_names_are_changed_and_refused():
    """A column gets a new name unless that is empty or taken."""
    assert "count" in cleaning.rename_column(frame(), "whole", " count ").columns
    for name in ("", "text"):
        with pytest.raises(StepError):
            cleaning.rename_column(frame(), "whole", name)


def test_columns_are_dropped_but_not_all():
    """At least one column stays."""
    assert list(cleaning.drop_columns(frame(), ["whole", "flag"]).columns) == ["text", "when"]
    for names in ([], list(frame().columns)):
        with pytest.raises(StepError):
            cleaning.drop_columns(frame(), names)


def test_missing_cells_are_counted_by_column():
    """Only columns that lack something are named."""
    assert cleaning.count_missing(frame()) == {"whole": 1, "text": 1, "when": 2, "flag": 1}
    assert cleaning.count_missing(pd.DataFrame({"a": [1]})) == {}


def test_undoing_gives_the_table_before():
    """The last step can be taken back, to the very table that was."""
    first = frame()
    data = DataSet("a.csv", first, 1).after("dropped", first.head(1))
    assert data.steps == ("dropped",)
    assert first is data.undone().frame
    assert data.undone().steps == ()


def test_only_so_many_tables_are_kept():
    """The way back is bounded, the list of steps is not."""
    data = DataSet("a.csv", frame(), 1)
    for number in range(UNDO_DEPTH + 3):
        data = data.after(str(number), frame())
    assert (len(data.past), len(data.steps)) == (UNDO_DEPTH, UNDO_DEPTH + 3)


def test_undoing_nothing_changes_nothing():
    """Without a step there is nothing to undo."""
    data = DataSet("a.csv", frame(), 1)
    assert data is data.undone()


def test_every_table_has_its_own_revision():
    """What was computed for one table is not taken for another's."""
    data = DataSet("a.csv", frame(), 1)
    later = data.after("x", frame())
    assert len({data.revision, later.revision, later.undone().revision}) == 3
