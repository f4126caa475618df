"""The rows of the table."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from datatools_audit import Record
from streamlit_ext.diagnostics.table import COLUMNS, row


def record(**values: object) -> Record:
    return Record({"ts": "x", "message": "m", **values}, b"", Path("x"), 0)


def test_row_is_text_only() -> None:
    """Whatever a record holds, the table gets texts."""
    shown = row(record(number=1, nested={"a": [1]}, nothing=None, page=3, session=["x"]))
    assert {str} == {type(value) for value in shown.values()}
    assert 'number: 1, nested: {"a":[1]}, nothing: null' == shown["Details"]
    assert list(COLUMNS) == list(shown)


def test_row_has_the_columns_that_were_chosen() -> None:
    """Columns left out are not sent."""
    assert {"Message": "m"} == row(record(secret="x"), ("Message",))


def test_row_that_a_spreadsheet_would_run() -> None:
    """A formula in a message stands behind an apostrophe."""
    assert "'=HYPERLINK(1)" == row(record(message="=HYPERLINK(1)"))["Message"]


def test_record_is_drawn_whole() -> None:
    """The record behind a row is drawn as JSON text, its traceback as one."""

    def app(shown: object) -> None:
        from streamlit_ext.diagnostics.table import draw_record

        draw_record(shown)

    drawn = AppTest.from_function(app, args=(record(deep={"a": 1}, traceback="Trace\n x"),)).run()
    assert "Trace\n x" == drawn.code[0].value
    assert '"deep": {' in drawn.code[1].value
    assert "Trace" not in drawn.code[1].value
