"""Tests of uploads: a file that is made from a fingerprint has that fingerprint."""

from __future__ import annotations

import ast
import io
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datatools_audit.support.reproduce import files
from datatools_audit.support.reproduce.steps import File
from datatools_audit.support.reproduce.uploads import Hints, fingerprint_in, hints, made
from streamlit_ext import fingerprint
from streamlit_ext.policy import use

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["format", "bom", "encoding", "bad_byte", "newline", "lines", "separator", "fields"]
FIELDS += ["header", "names", "rows", "columns", "dtypes", "null_shares", "bytes"]


@pytest.fixture(autouse=True)
def names_are_told() -> Iterator[None]:
    """Have the names of columns on record."""
    use(values="all")
    yield
    use()


def again(name: str, told: dict[str, object], said: Hints = Hints()) -> bytes:  # noqa: B008
    """Return the contents of the file that is made for a fingerprint."""
    size = told.get("bytes", 1_000)
    assert isinstance(size, int)
    file = File("1", name, "text/csv", size, fingerprint_in({"bytes": size, **told}))
    source, _ = made(file, said)
    found_name, data, kind = eval(source, dict(vars(files)))
    assert (name, "text/csv") == (found_name, kind)
    return bytes(data)


def test_upload_from_a_frame_has_its_columns() -> None:
    """Names, types, empty cells and rows are those of the table that was read."""
    frame = pd.DataFrame(
        {
            "town, or village": ["Bern", None, "Genf", "Chur"],
            "size": [1.5, None, None, 2.5],
            "count": [1, 2, 3, 4],
            "is near": [True, False, True, False],
        }
    )
    told = fingerprint(frame)
    read = pd.read_csv(io.BytesIO(again("towns.csv", told)))
    assert told == fingerprint(read)


@pytest.mark.parametrize("ending", ["xlsx", "parquet"])
def test_upload_from_a_frame_is_in_the_form_of_its_name(ending: str) -> None:
    """A workbook is a workbook."""
    told = fingerprint(pd.DataFrame({"a": ["x", None], "b": [1.5, 2.5]}))
    data = io.BytesIO(again(f"t.{ending}", told))
    read = pd.read_excel(data) if ending == "xlsx" else pd.read_parquet(data)
    assert told == fingerprint(read)


@pytest.mark.parametrize(
    "data",
    [
        b"name,size\nBern,5\nGenf,7\n",
        b"\xef\xbb\xbfname;size\r\nBern;5\r\nGenf;7\r\n",
        "name\tsize\nBern\t5\nGenf\t7\n".encode("utf-16"),
        "name|size\nBern|5\nGenf|7\n".encode("utf-16-le"),
        "Name,Gr\u00f6\u00dfe\nBern,5\nGen\u00e8ve,7\n".encode("latin-1"),
    ],
)
def test_upload_from_a_file_is_written_likewise(data: bytes) -> None:
    """Encoding, mark, separator, newline, lines and fields are those of the file."""
    told = fingerprint(data)
    same = ("format", "bom", "encoding", "newline", "lines", "separator", "fields")
    found = fingerprint(again("towns.csv", told))
    assert [told[name] for name in same] == [found[name] for name in same]
    assert (told["bad_byte"] is None) == (found["bad_byte"] is None)


def test_upload_takes_hints_from_the_error() -> None:
    """What the error says of a byte or a line is true of the file that is made."""
    bad = hints("'utf-8' codec can't decode byte 0xe9 in position 14: invalid continuation byte")
    with pytest.raises(UnicodeDecodeError):
        again("a.csv", {}, bad).decode()
    wide = hints("Error tokenizing data. C error: Expected 2 fields in line 3, saw 4")
    told = fingerprint(b"a,b\n1,2\n3,4\n")
    with pytest.raises(pd.errors.ParserError, match="Expected 2 fields in line 3, saw 4"):
        pd.read_csv(io.BytesIO(again("a.csv", told, wide)))
    assert Hints() == hints("Expected nothing in position x")


def test_upload_of_an_empty_file_is_empty() -> None:
    """Its size is all that there is to know."""
    assert b"" == again("a.csv", {"bytes": 0})


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.png", "a.wav", "a.txt", "a.xlsx", "a"])
def test_upload_without_a_fingerprint_is_what_its_name_says(name: str) -> None:
    """There is something in it, of about that size where it is a text."""
    data = again(name, {"bytes": 500})
    assert data
    if name in ("a.csv", "a.txt"):
        assert 400 <= len(data) <= 600


@given(
    st.text(),
    st.integers(),
    st.dictionaries(st.sampled_from(FIELDS), JSON),
)
@settings(max_examples=200)
def test_upload_source_is_one_call_of_literals(name: str, size: int, told: Any) -> None:
    """Whatever stands in a log, nothing but the maker of files is called."""
    file = File("1", name, name, size, fingerprint_in({"bytes": 1, **told}))
    tree = ast.parse(made(file, Hints())[0].strip(), mode="eval").body
    assert isinstance(tree, ast.Call)
    assert ast.unparse(tree.func) in ("table_file", "plain_file")
    given_ = [*tree.args, *(each.value for each in tree.keywords)]
    assert name == ast.literal_eval(given_[0])
    for each in given_:
        ast.literal_eval(each)


def test_upload_of_a_large_table_is_cut() -> None:
    """A test should not take minutes to make its file."""
    told: dict[str, object] = {"rows": 10**9, "dtypes": ["Int64"] * 10, "columns": 10}
    source, _ = made(File("1", "a.csv", "text/csv", 5, fingerprint_in(told)), Hints())
    assert "rows=100000," in source
