"""The CSV of records: read back by Python's own reader, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.support.table import MOST_CHARACTERS, MOST_COLUMNS, as_csv

HEAD = ["ts", "level", "category", "session", "page", "message", "proc", "seq"]


def rows(*records: dict[str, object]) -> list[list[str]]:
    """Return the cells as any program reads them."""
    return list(csv.reader(io.StringIO(as_csv(records).decode("utf-8-sig"), newline="")))


def message(text: object) -> str:
    """Return the cell of a message."""
    return rows({"message": text})[1][5]


def test_table_has_the_record_s_fields_first() -> None:
    """The head comes in its order, then the others by their first appearance."""
    found = rows({"b": 1, "message": "x", "seq": 2}, {"a": True, "b": None})
    assert [*HEAD, "b", "a"] == found[0]
    assert ["", "", "", "", "", "x", "", "2", "1", ""] == found[1]
    assert ["", "", "", "", "", "", "", "", "", "true"] == found[2]


def test_table_is_utf_8_with_its_mark_and_windows_lines() -> None:
    """A spreadsheet knows the encoding, and each line ends as it expects."""
    data = as_csv([{"message": "Zoë"}])
    assert data.startswith(b"\xef\xbb\xbfts,")
    assert data.endswith(b"\r\n")
    assert "Zoë".encode() in data


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "=HYPERLINK(1)", "  =1", '"=1', "'=1", "＝1", "－1"],
)
def test_table_runs_no_formula(text: str) -> None:
    """A text that a spreadsheet would run stands behind an apostrophe."""
    assert "'" + text == message(text)


@pytest.mark.parametrize("sign", ["\t", "\r", "\n"])
def test_table_runs_no_formula_behind_what_is_not_seen(sign: str) -> None:
    """Neither the cell nor what a program takes for the next one begins with the sign."""
    assert f"'{sign}'=1" == message(f"{sign}=1")


@pytest.mark.parametrize("sign", [";", "|", "\t", "\n", "\r\n", ';"', '; "'])
def test_table_runs_no_formula_behind_another_separator(sign: str) -> None:
    """Where another sign parts the cells, a formula behind it does not run either."""
    assert f"a{sign}'=cmd" == message(f"a{sign}=cmd")


@pytest.mark.parametrize(
    "text", ["a,b", 'a "b" c', "a\nb", "a\r\nb", "a\rb", '"', '""', ",", "it's", "a=b", "x@y"]
)
def test_table_gives_a_text_back(text: str) -> None:
    """Quotes, separators and line breaks inside a cell stay."""
    assert text == message(text)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ud800"])
def test_table_shows_control_characters(sign: str) -> None:
    """What has no form on a screen is shown by its number."""
    assert f"a\\u{ord(sign):04x}b" == message(f"a{sign}b")


def test_table_keeps_numbers_and_shows_the_rest_as_json() -> None:
    """A negative number is no formula; a list and a mapping are JSON."""
    assert ["-5", "-0.5", "NaN", "Infinity"] == [
        message(value) for value in (-5, -0.5, float("nan"), float("inf"))
    ]
    assert [1, "a", {"b": None}] == json.loads(message([1, "a", {"b": None}]))


def test_table_formula_in_a_field_s_name() -> None:
    """A column is called by the app, and does not run either."""
    assert "'=1+1" == rows({"=1+1": 1})[0][-1]


def test_table_cuts_a_long_text() -> None:
    """No text is longer than a spreadsheet's cell."""
    assert MOST_CHARACTERS == len(message("x" * 100_000))
    assert message("x" * 100_000).endswith("x…")
    assert len(message({"a": ["x" * 100_000] * 10})) <= MOST_CHARACTERS + 1


def test_table_has_so_many_columns_and_one_for_the_rest() -> None:
    """What has no column of its own is JSON in the last one."""
    found = rows({f"c{n}": n for n in range(300)}, {"message": "x"})
    assert MOST_COLUMNS + 1 == len(found[0])
    assert "more" == found[0][-1]
    assert 300 - (MOST_COLUMNS - len(HEAD)) == len(json.loads(found[1][-1]))
    assert "" == found[2][-1]


def test_table_of_nothing_is_its_head() -> None:
    """Without records the columns are there."""
    assert [HEAD] == rows()


@given(st.lists(st.text(max_size=60), max_size=4), st.text(max_size=20))
def test_table_any_texts_keep_to_their_cells(texts: list[str], name: str) -> None:
    """Each record is one row, each field one cell, and none begins a formula."""
    found = rows(*({"message": text, f"x{name}": text} for text in texts))
    assert len(texts) + 1 == len(found)
    assert {len(found[0])} == {len(row) for row in found}
    acts = re.compile(r"[\s\"]*[=+\-@＝＋－＠]")
    assert [] == [cell for row in found[1:] for cell in row if acts.match(cell)]
    alone = [part for row in found for cell in row for part in re.split(r"[;|\t\r\n]", cell)[1:]]
    assert [] == [part for part in alone if acts.match(part)]
