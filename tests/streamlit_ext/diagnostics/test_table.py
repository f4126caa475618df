"""The rows of the table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from streamlit.testing.v1 import AppTest

from datatools_audit import Record
from datatools_audit.reading.reader import parse_line
from streamlit_ext.diagnostics.table import COLUMNS, redacted_csv, row
from tests.support.made import line


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


def csv_of(*records: Record) -> list[list[str]]:
    return list(csv.reader(io.StringIO(redacted_csv(records).decode("utf-8-sig"))))


def test_csv_is_redacted_as_a_bundle_is() -> None:
    """Values, names of fields, nested ones, and what a field's name tells."""
    raw = line(1, "order", "by ann@x.de", password="plain", **{"bob@x.de": {"cat@x.de": 1}})  # type: ignore[arg-type]
    head, told = csv_of(parse_line(raw, Path("x"), 0))
    shown = dict(zip(head, told, strict=True))
    assert ("by <email-1>", "<password-1>") == (shown["message"], shown["password"])
    assert [] == [cell for cell in (*head, *told) if "@x.de" in cell]


def test_csv_has_nothing_of_what_is_no_record_of_ours() -> None:
    """A row says that there was one: nobody looks for a person in ids and moments."""
    torn = parse_line(b'{"ts":"2026", "of": "ann@x.de', Path("x"), 0)
    foreign = record(session="ann@x.de", level="info", category="x", proc="9f3e12ab", seq=1)
    _, *rows = csv_of(torn, foreign)
    said = "<left out: this line is no record of ours>"
    assert [said, said] == ["".join(row) for row in rows]
