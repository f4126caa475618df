"""The page where a table gets cleaner."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from datatools.dataset import DataSet
from datatools_audit.reading.steps import steps
from tests.helpers import written_records

APP = Path(__file__).parents[2] / "app.py"
FRAME = pd.DataFrame({"n": [1.0, 1.0, None], "t": [" a", " a", "b"]})


def opened(data):
    app = AppTest.from_file(APP).run()
    if data:
        app.session_state["dataset"] = data
    return app.switch_page("pages/clean.py").run()


@pytest.fixture
def page():
    return opened(DataSet("a.csv", FRAME, 30))


def button(page, label):
    return next(found for found in page.button if found.label == label)


def choose(page, step):
    return page.selectbox[0].select(step).run()


def frame(page):
    assert not page.exception
    return page.session_state["dataset"].frame


def test_clean_without_a_table_shows_the_way():
    """Without a table the page says what to do first."""
    page = opened(None)
    assert not page.exception
    assert [info.value for info in page.info] == [
        "There is nothing to clean yet: load a table first."
    ]


def test_clean_shows_before_and_after(page):
    """The effect is told before anything is done."""
    assert [metric.value for metric in page.metric] == ["3", "2"]
    assert len(frame(page)) == 3


def test_clean_drops_duplicates_and_undoes(page):
    """A step applied is listed and can be taken back."""
    button(page, "Apply").click().run()
    assert len(frame(page)) == 2
    assert [text.value for text in page.text] == ["1. Dropped 1 duplicate row"]
    button(page, "Undo last step").click().run()
    assert len(frame(page)) == 3
    assert [text.value for text in page.text] == []


def test_clean_trims(page):
    """Whitespace around texts goes."""
    choose(page, "Trim whitespace")
    button(page, "Apply").click().run()
    assert list(frame(page)["t"]) == ["a", "a", "b"]


def test_clean_fills(page):
    """A value typed fills the cells that are empty."""
    choose(page, "Fill missing values")
    page.text_input[0].set_value("7").run()
    button(page, "Apply").click().run()
    assert list(frame(page)["n"]) == [1, 1, 7]


def test_clean_refuses_a_value_that_does_not_fit(page):
    """A value of the wrong kind is refused in a line, and nothing changes."""
    choose(page, "Fill missing values")
    page.text_input[0].set_value("seven").run()
    button(page, "Apply").click().run()
    assert len(page.error) == 1
    assert frame(page) is FRAME


def test_clean_records_a_refusal_as_one(page):
    """The step that was refused reads as such, with the sentence that the person saw."""
    choose(page, "Fill missing values")
    page.text_input[0].set_value("seven").run()
    button(page, "Apply").click().run()
    told = next(step for step in steps(written_records()) if step.text.startswith("clean"))
    assert told.rest.startswith(": failed ")
    assert told.rest.endswith(f": StepError: {page.error[0].value} (step: “fill missing”)")


def test_clean_says_when_nothing_is_missing(page):
    """There is nothing to fill in a table without gaps."""
    page.session_state["dataset"] = DataSet("a.csv", FRAME.dropna(), 30)
    choose(page, "Fill missing values")
    assert [told.value for told in page.success] == ["No column has missing values."]


def test_clean_renames(page):
    """A column gets the name typed."""
    choose(page, "Rename a column")
    page.text_input[0].set_value("number").run()
    button(page, "Apply").click().run()
    assert list(frame(page).columns) == ["number", "t"]


def test_clean_drops_columns(page):
    """The columns chosen go."""
    choose(page, "Drop columns")
    page.multiselect[0].set_value(["n"]).run()
    button(page, "Apply").click().run()
    assert list(frame(page).columns) == ["t"]


def test_clean_makes_no_file_before_it_is_wanted(page, monkeypatch):
    """The download is made when its button is pressed, not when the page is drawn."""
    monkeypatch.setattr(pd.DataFrame, "to_csv", None)
    page.run()
    assert not page.exception
    assert [found.label for found in page.get("download_button")] == ["Download"]
