"""CSV files as they are met."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools import delimited
from datatools.delimited import read_delimited
from datatools.errors import UnreadableError
from datatools.progress import silent


def read(text, encoding="utf-8"):
    return read_delimited(io.BytesIO(text.encode(encoding)), silent)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_each_encoding_gives_the_same_table(encoding):
    """The table does not depend on how its text was encoded."""
    frame, _notes = read("Größe;Stadt\n1,5;Köln\n2;Graz\n", encoding)
    assert frame.to_dict("list") == {"Größe": [1.5, 2.0], "Stadt": ["Köln", "Graz"]}


def test_short_rows_are_filled():
    """A row shorter than the header has missing values at its end."""
    frame, _notes = read("a,b\n1,2\n3\n")
    assert list(frame["b"].isna()) == [False, True]


def test_long_rows_keep_their_cells():
    """Cells beyond the header are kept in columns of their own, and it is said."""
    frame, notes = read("a,b\n1,2\n3,4,5\n")
    assert list(frame.columns) == ["a", "b", "Extra 1"]
    assert frame["Extra 1"].iloc[1] == 5
    assert list(notes) == ["Some rows have more cells than the header; 1 column added for them."]


def test_long_rows_far_below_keep_their_cells():
    """A long row that the sample does not show is found when it is read."""
    frame, _notes = read("a,b\n" + "1,2\n" * 60_000 + "3,4,5,6\n")
    assert list(frame.columns) == ["a", "b", "Extra 1", "Extra 2"]
    assert len(frame) == 60_001


def test_a_separator_at_the_end_of_rows_adds_no_column():
    """Cells beyond the header that are all empty are left out."""
    frame, notes = read("a,b\n1,2,\n3,4,\n")
    assert (list(frame.columns), notes) == (["a", "b"], ())


def test_types_hold_across_chunks(monkeypatch):
    """A value that does not fit, however late, makes the whole column text."""
    monkeypatch.setattr(delimited, "CHUNK_ROWS", 100)
    frame, _notes = read("a\n" + "007\n1\n" * 300 + "x\n")
    assert {"007", "1", "x"} == set(frame["a"])


def test_doubled_and_empty_names_are_made_unique():
    """No column is lost to another of the same name."""
    frame, notes = read("a,a,\n1,2,3\n")
    assert list(frame.columns) == ["a", "a (2)", "Column 3"]
    assert len(notes) == 1


def test_many_columns_are_read():
    """A table may be very wide."""
    names = ",".join(f"c{number}" for number in range(3000))
    frame, _notes = read(f"{names}\n{','.join('1' * 3000)}\n")
    assert frame.shape == (1, 3000)


@pytest.mark.parametrize("text", ["a,b\n", "a,b", "\n\n", "a,b\n\n\n"])
def test_files_without_rows_are_refused(text):
    """A file with no rows of data is refused in one sentence."""
    with pytest.raises(UnreadableError, match="choose"):
        read(text)


def test_an_open_quotation_mark_is_named():
    """A quotation mark that is never closed is told as such."""
    with pytest.raises(UnreadableError, match="quotation mark"):
        read('a,b\n1,"2\n' + "3,4\n" * 5)


def test_a_row_far_too_long_is_refused():
    """A row of many more cells than the header means another separator."""
    with pytest.raises(UnreadableError, match="separator"):
        read("a,b\n" + "1,2\n" * 60_000 + "," * 500 + "\n")


def test_progress_only_rises_and_reaches_the_end(monkeypatch):
    """The fraction told never falls, and ends at one."""
    monkeypatch.setattr(delimited, "CHUNK_ROWS", 100)
    told = []
    source = io.BytesIO(b"a,b\n" + b"1,2\n" * 5000)
    read_delimited(source, lambda fraction, _doing: told.append(fraction))
    assert sorted(told) == told
    assert told[-1] == 1.0
    assert len(told) > 10


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1).filter(
    lambda text: text.strip() and not text.startswith("\ufeff")
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1))
def test_written_tables_come_back(rows):
    """What pandas writes as CSV is read with the same rows and columns."""
    frame = pd.DataFrame(rows, columns=["first", "second"])
    read_back, _notes = read(frame.to_csv(index=False))
    assert frame.shape == read_back.shape
