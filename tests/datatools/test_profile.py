"""What is found in a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools.distribution import BINS, TOP_VALUES, distribution
from datatools.kinds import kind_of
from datatools.loading import load_sample
from datatools.profile import profile, profile_column
from datatools.summary import dates, numbers, overview


def test_a_column_of_numbers():
    """Numbers are counted and summed up, the missing ones apart."""
    found = profile_column(pd.Series([1.0, 2.0, 2.0, None, np.inf], name="x"))
    assert (found.missing, found.unique, found.missing_percent) == (1, 3, 20.0)
    assert {name: found.statistics[name] for name in ("min", "mean", "median", "max")} == {
        "min": 1.0,
        "mean": 5 / 3,
        "median": 2.0,
        "max": 2.0,
    }


def test_rows_that_repeat_are_counted():
    """A row counts as duplicate when an earlier one is equal in every cell."""
    assert profile(pd.DataFrame({"a": [1, 1, 1, 2], "b": ["x", "x", "x", None]})).duplicates == 2


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], "number"),
        ([True, False], "yes/no"),
        (["a"], "text"),
        (pd.to_datetime(["2024-01-01"]), "date"),
        (pd.to_timedelta([1], unit="s"), "duration"),
    ],
)
def test_kinds(values, kind):
    """Every type has a kind, and any kind can be profiled."""
    column = pd.Series(values, name="x")
    assert kind == kind_of(column)
    assert kind == profile_column(column).kind


@pytest.mark.parametrize("dtype", ["str", "float64", "Int64", "datetime64[us]", "boolean"])
def test_columns_without_values_have_no_distribution(dtype):
    """A column whose cells are all missing is described, not refused."""
    found = profile_column(pd.Series([None, None], name="x", dtype=dtype))
    assert (found.missing, found.unique, found.spread.empty) == (2, 0, True)


def test_progress_moves_with_each_column():
    """Each column moves the bar, and the end is the end."""
    told = []
    profile(pd.DataFrame({"a": [1], "b": [2]}), lambda fraction, _doing: told.append(fraction))
    assert told == [0, 1 / 3, 2 / 3, 1]


@given(st.lists(st.floats(), max_size=50))
def test_ranges_hold_every_finite_number(values):
    """Whatever the numbers, the counts add up to those that are finite."""
    spread = distribution(pd.Series(values, dtype="float64"))
    assert sum(map(np.isfinite, values)) == spread["count"].sum()
    assert len(spread) <= BINS


@given(st.lists(st.datetimes(), max_size=50))
def test_periods_hold_every_date(values):
    """Whatever the dates, the counts add up to all of them."""
    spread = distribution(pd.Series(values, dtype="datetime64[us]"))
    assert len(values) == spread["count"].sum()
    assert bool((spread["start"] < spread["end"]).all())


def test_whole_numbers_have_a_bar_each():
    """A few whole numbers are not cut into fractions."""
    assert list(distribution(pd.Series([1, 1, 3]))["count"]) == [2, 0, 1]


def test_texts_are_counted_most_frequent_first():
    """Of many texts only the most frequent are drawn, long ones cut."""
    spread = distribution(pd.Series(["b" * 100] * 3 + ["a"] * 2 + [str(n) for n in range(50)]))
    assert (len(spread), list(spread["count"].head(2))) == (TOP_VALUES, [3, 2])
    assert spread["value"].iloc[0].endswith("b…")


def test_times_with_a_zone_are_counted():
    """A time zone is no obstacle to counting."""
    column = pd.Series(pd.to_datetime(["2024-01-01T10:00:00Z", "2024-01-01T11:00:00Z"]))
    assert list(distribution(column)["count"]) == [1, 1]


def test_tables_of_the_sample():
    """The summary has a row for each column, and figures where there are any."""
    found = profile(load_sample().frame)
    assert (len(overview(found)), len(numbers(found)), len(dates(found))) == (17, 7, 1)
    assert found.missing == 336
    assert "Region" not in [column.name for column in found.columns if column.telling]
