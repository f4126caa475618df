"""Files of every kind as data sets."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from datatools import loading
from datatools.errors import UnreadableError
from datatools.loading import load, load_sample, sheets

FRAME = pd.DataFrame({"n": [1, 2], "t": ["x", "y"]})


def workbook(**pages):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in pages.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer


def parquet(frame=FRAME):
    return io.BytesIO(frame.to_parquet(index=False))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.csv", io.BytesIO(b"n,t\n1,x\n2,y\n")),
        ("a.TXT", io.BytesIO(b"n|t\n1|x\n2|y\n")),
        ("a.tsv", io.BytesIO(b"n\tt\n1\tx\n2\ty\n")),
        ("a.jsonl", io.BytesIO(b'{"n": 1, "t": "x"}\n\n{"n": 2, "t": "y"}\n')),
        ("a.parquet", parquet()),
        ("a.xlsx", workbook(One=[["n", "t"], [1, "x"], [2, "y"]])),
        ("named-wrongly.csv", parquet()),
    ],
)
def test_every_kind_gives_the_same_table(name, source):
    """The kind of file makes no difference to the table."""
    data = load(name, source)
    assert FRAME.to_dict("list") == data.frame.to_dict("list")
    assert len(source.getvalue()) == data.source_bytes


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"a,b\n1,\0\0\n", "no text file"),
        ("a.docx", b"hello", "choose one of .csv"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "save it as .xlsx"),
        ("a.csv", b"\x1f\x8brest", "unpack"),
        ("a.csv", b"%PDF-1.7", "PDF"),
        ("a.xlsx", b"PK\x03\x04 not a zip", "no Excel workbook"),
        ("a.xlsx", b"a,b\n1,2\n", "no Excel workbook"),
        ("a.parquet", b"PAR1 cut off", "damaged"),
        ("a.parquet", parquet(FRAME.head(0)).getvalue(), "no rows"),
        ("a.jsonl", b'{"a": 1}\n[1]\n', "Line 2 "),
        ("a.jsonl", b"\n \n", "empty"),
        ("a.xlsx", workbook(Empty=[["n"]]).getvalue(), "no rows"),
    ],
)
def test_unreadable_files_are_refused_in_a_sentence(name, content, said):
    """A file that cannot be read gives one sentence: what is wrong, what to do."""
    with pytest.raises(UnreadableError, match=said) as refused:
        load(name, io.BytesIO(content))
    assert "\n" not in str(refused.value)


def test_an_unforeseen_failure_is_a_sentence_without_values(monkeypatch):
    """What a library raises unforeseen reaches nobody with the value it complains of."""

    def fail(*_args, **_options):
        raise ArithmeticError("secret cell")

    monkeypatch.setattr(loading, "read_json_lines", fail)
    with pytest.raises(UnreadableError, match="ArithmeticError") as refused:
        load("a.jsonl", io.BytesIO(b"{}"))
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_interruptions_travel_on():
    """What stops a script from within the progress is no failure of the file."""

    def stop(_fraction, _doing):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load("a.csv", io.BytesIO(b"a\n1\n"), progress=stop)


def test_sheets_are_named_and_chosen():
    """A workbook's sheets can be told apart, and any of them read."""
    source = workbook(First=[["a"], [1]], Second=[[None, None], ["b", None], [2, None]])
    assert sheets("a.xlsx", source) == ["First", "Second"]
    assert load("a.xlsx", source, sheet="Second").frame.to_dict("list") == {"b": [2]}


def test_text_files_have_no_sheets():
    """There is nothing to choose in a file of one table."""
    assert sheets("a.csv", io.BytesIO(b"a\n1\n")) == []


def test_nested_values_become_json():
    """What is nested in JSON Lines can be shown, counted and compared."""
    data = load("a.jsonl", io.BytesIO(b'{"a": {"b": [1]}}\n{"a": null}\n'))
    assert data.frame["a"].iloc[0] == '{"b": [1]}'
    assert data.frame["a"].isna().iloc[1]


def test_the_sample_is_the_penguins():
    """The sample that comes with the app is read with its types."""
    data = load_sample()
    assert data.frame.shape == (344, 17)
    assert str(data.frame["Date Egg"].dtype) == "datetime64[us]"
    assert int(data.frame["Body Mass (g)"].isna().sum()) == 2
