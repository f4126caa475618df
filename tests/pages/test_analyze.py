"""The page that says what a table holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from datatools.loading import load_sample
from tests.helpers import written_records

APP = Path(__file__).parents[2] / "app.py"


def opened(data):
    app = AppTest.from_file(APP).run()
    if data:
        app.session_state["dataset"] = data
    return app.switch_page("pages/analyze.py").run()


@pytest.fixture
def page():
    return opened(load_sample())


def button(page, label):
    return next(found for found in page.button if found.label == label)


def calculate(page, text):
    page.text_input[0].set_value(text)
    return button(page, "Calculate").click().run()


def records(category):
    return [record for record in written_records() if record["category"] == category]


def test_analyze_without_a_table_shows_the_way():
    """Without a table the page says what to do first."""
    page = opened(None)
    assert not page.exception
    assert [info.value for info in page.info] == [
        "There is nothing to analyze yet: load a table first."
    ]


def test_analyze_waits_for_the_button(page):
    """Nothing is computed before it is asked for."""
    assert not page.exception
    assert "profile" not in page.session_state


def test_analyze_shows_the_profile(page):
    """The button gives the figures of the whole table and of each column."""
    button(page, "Analyze").click().run()
    assert not page.exception
    assert [metric.value for metric in page.metric][:4] == ["344", "17", "0", "336"]
    assert len(page.dataframe[0].value) == 17


def test_analyze_records_its_work(page):
    """The action says how much there was, and how many rows repeat."""
    button(page, "Analyze").click().run()
    start, end = records("analyze")
    assert (start["rows"], start["columns"]) == (344, 17)
    assert (end["outcome"], end["duplicates"]) == ("ok", 0)


def test_analyze_forgets_the_profile_of_another_table(page):
    """A profile is shown as long as the table is the one it was made of."""
    button(page, "Analyze").click().run()
    data = page.session_state["dataset"]
    page.session_state["dataset"] = data.after("step", data.frame)
    page.run()
    assert not page.metric


def test_analyze_draws_only_the_columns_chosen(page):
    """Choosing none draws none."""
    button(page, "Analyze").click().run()
    page.multiselect[0].set_value([]).run()
    assert not page.exception
    assert not page.get("vega_lite_chart")


def test_analyze_calculates(page):
    """A calculation gives a column, which is drawn."""
    calculate(page, "`Body Mass (g)` / `Flipper Length (mm)`")
    assert not page.exception
    assert len(page.get("vega_lite_chart")) == 1


def test_analyze_refuses_in_one_line(page):
    """A calculation that is not allowed is refused, and no error is recorded."""
    calculate(page, "__import__('os')")
    assert not page.exception
    assert len(page.error) == 1
    assert records("error") == []
    assert [(end["outcome"], end["exc_message"]) for end in records("calculate")[1:]] == [
        ("error", page.error[0].value)
    ]


def test_analyze_has_the_planted_fault(page):
    """An expression without a column raises, and support finds it once."""
    calculate(page, "1 + 2")
    assert page.exception[0].message == "'int' object has no attribute 'rename'"
    assert [record["exc_type"] for record in records("error")] == ["AttributeError"]
