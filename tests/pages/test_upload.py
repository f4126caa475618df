"""The page where a table comes in."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

import datatools_audit

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def page():
    app = AppTest.from_file(APP).run()
    return app.switch_page("pages/upload.py").run()


def upload(page, name, content):
    page.file_uploader[0].set_value((name, content, "application/octet-stream"))
    return page.run()


def button(page, label):
    return next(found for found in page.button if found.label == label)


def workbook():
    book = openpyxl.Workbook()
    book.active.title = "First"
    book.active.append(["a"])
    book.active.append([1])
    second = book.create_sheet("Second")
    for row in (["b"], [2], [3]):
        second.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_upload_says_that_nothing_is_loaded(page):
    """An empty page says so."""
    assert not page.exception
    assert [info.value for info in page.info] == ["Nothing is loaded yet."]


def test_upload_loads_the_sample(page):
    """One click gives a table to try."""
    button(page, "Try with sample data").click().run()
    assert not page.exception
    assert [metric.value for metric in page.metric] == ["344", "17", "53.1 kB"]


def test_upload_loads_a_file(page):
    """A file is read as soon as it is chosen, once."""
    upload(page, "a.csv", b"a,b\n1,2\n")
    data = page.session_state["dataset"]
    page.run()
    assert data.frame.shape == (1, 2)
    assert data is page.session_state["dataset"]


def test_upload_shows_a_hostile_name_as_it_is(page):
    """A file's name is text: no markup in it takes effect."""
    upload(page, "**x** :smile: <b>`.csv", b"a\n1\n")
    assert ":material/check_circle: Loaded `` **x** :smile: <b>`.csv ``" in [
        text.value for text in page.markdown
    ]


def test_upload_keeps_the_table_when_a_file_fails(page):
    """A file that cannot be read takes nothing away."""
    upload(page, "a.csv", b"a,b\n1,2\n")
    upload(page, "b.csv", b"")
    assert page.session_state["dataset"].name == "a.csv"
    (told,) = page.error
    assert told.value.startswith("The file is empty: ")
    assert told.value.endswith(" What was loaded before is still here.")


def test_upload_records_a_file_that_fails(page):
    """Support sees which sentence the person saw, and no cell."""
    upload(page, "a.jsonl", b"secret\n")
    assert datatools_audit.flush_audit_log(5)
    log = datatools_audit.audit_log_path().read_text()
    assert "Reading the upload: UnreadableError: Line 1 is not a JSON object" in log
    assert "secret" not in log


def test_upload_offers_the_sheets_of_a_workbook(page):
    """Another sheet is loaded when it is chosen."""
    upload(page, "a.xlsx", workbook())
    assert list(page.session_state["dataset"].frame.columns) == ["a"]
    page.selectbox[0].select("Second").run()
    assert page.session_state["dataset"].frame.shape == (2, 1)


def test_upload_still_says_what_is_loaded_after_a_visit_elsewhere(page):
    """Coming back, the table is there with its name."""
    button(page, "Try with sample data").click().run()
    page.switch_page("pages/clean.py").run()
    page.switch_page("pages/upload.py").run()
    assert not page.exception
    assert page.metric[0].value == "344"


def test_upload_removes_the_table(page):
    """Removing forgets the table, and the file does not come back by itself."""
    upload(page, "a.csv", b"a,b\n1,2\n")
    button(page, "Remove").click().run()
    assert "dataset" not in page.session_state
    assert [info.value for info in page.info] == ["Nothing is loaded yet."]
