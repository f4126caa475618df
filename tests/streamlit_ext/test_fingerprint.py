"""What a table or a file looks like, told without one value of it."""

from __future__ import annotations

import array
import codecs
import gzip
import io
import re
import sys
import zipfile
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from datatools_audit import audit_stats, log_event
from datatools_audit.record.encode import RESERVED
from streamlit_ext import fingerprint
from streamlit_ext.policy import use
from tests.helpers import written_records

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit_ext.policy import Values

MARK = "SECRET"
CHUNK = 2**20
HEAD = 64 * 1024


def told(data: object, *names: str) -> tuple[object, ...]:
    """Return some fields of a fingerprint."""
    found = fingerprint(data)
    return tuple(found[name] for name in names)


# Frames


def test_fingerprint_of_a_pandas_frame() -> None:
    """Rows, columns, types, and how much is missing, be it NaN, None or NaT."""
    frame = pd.DataFrame(
        {
            "number": [1.5, float("nan"), 3.0, None],
            "text": ["a", None, None, None],
            "moment": pd.to_datetime(["2026-01-01", None, None, "2026-01-02"]).as_unit("us"),
            "whole": [1, 2, 3, 4],
        }
    )
    assert {
        "rows": 4,
        "columns": 4,
        "dtypes": ["Float64", "String", "Datetime(us)", "Int64"],
        "null_shares": [0.5, 0.75, 0.5, 0.0],
    } == fingerprint(frame)


def test_fingerprint_tells_plain_numbers() -> None:
    """Its numbers are Python's own, also where the library counts with others."""
    (share,) = fingerprint(pd.DataFrame({"a": [1, None, None]}))["null_shares"]  # type: ignore[misc]
    assert (float, 0.6667) == (type(share), share)


def test_fingerprint_of_a_pyarrow_table() -> None:
    """A table of pyarrow is described like one of pandas, doubled names included."""
    table = pa.table([pa.array([1, None]), pa.array(["x", "y"])], names=["a", "a"])
    assert {
        "rows": 2,
        "columns": 2,
        "dtypes": ["Int64", "String"],
        "null_shares": [0.5, 0.0],
    } == fingerprint(table)


def test_fingerprint_of_a_polars_frame() -> None:
    """A frame of polars too; one that is not computed yet is its type only."""
    polars = pytest.importorskip("polars")
    kind = polars.Series([MARK, None], dtype=polars.Enum([MARK]))
    frame = polars.DataFrame({"a": [1.5, None], "kind": kind})
    assert (2, 2, ["Float64", "Enum"], [0.5, 0.5]) == told(
        frame, "rows", "columns", "dtypes", "null_shares"
    )
    assert {"type": "LazyFrame"} == fingerprint(frame.lazy())


@pytest.mark.parametrize(
    ("frame", "rows", "columns"),
    [
        (pd.DataFrame(), 0, 0),
        (pd.DataFrame({"a": []}), 0, 1),
        (pd.DataFrame(index=range(3)), 3, 0),
        (pa.table({}), 0, 0),
    ],
)
def test_fingerprint_of_a_frame_with_nothing_in_it(frame: object, rows: int, columns: int) -> None:
    """No rows or no columns are no fault, and nothing of nothing is missing."""
    assert (rows, columns, [0.0] * columns) == told(frame, "rows", "columns", "null_shares")


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (["a", "a"], ["a", "a"]),
        ([1, 1], ["1", "1"]),
        (pd.Index([None, 2.5], dtype=object), ["None", "2.5"]),
        (["read", "seek"], ["read", "seek"]),
        (pd.MultiIndex.from_tuples([("x", "a"), ("x", "b")]), ["('x', 'a')", "('x', 'b')"]),
    ],
    ids=["doubled", "doubled numbers", "no texts", "of a file's methods", "of two levels"],
)
def test_fingerprint_of_odd_column_names(columns: Any, names: list[str]) -> None:
    """Names that are doubled, no texts, or those of a file's methods, are told all the same."""
    frame = pd.DataFrame([[1, 2.5], [3, None]], columns=columns)
    use("choices")
    assert (["Int64", "Float64"], [0.0, 0.5], names) == told(
        frame, "dtypes", "null_shares", "names"
    )


def test_fingerprint_of_a_thousand_columns_tells_the_first() -> None:
    """All columns are counted and 200 described."""
    use("all")
    found = fingerprint(pd.DataFrame([range(1_000)]))
    lengths = [len(found[name]) for name in ("dtypes", "null_shares", "names")]  # type: ignore[arg-type]
    assert (1_000, [200] * 3) == (found["columns"], lengths)


def test_fingerprint_leaves_the_frame_as_it_is() -> None:
    """The caller's frame keeps its names and its cells."""
    frame = pd.DataFrame({"a": [1], "b": [2]})
    fingerprint(frame)
    pd.testing.assert_frame_equal(pd.DataFrame({"a": [1], "b": [2]}), frame)


@pytest.mark.parametrize(
    ("frame", "dtypes"),
    [
        (pd.DataFrame({"a": pd.Categorical([MARK], ordered=True)}), ["Enum"]),
        (pd.DataFrame({"a": pd.Categorical([MARK])}), ["Categorical"]),
        (pa.table({"a": [{MARK: [{MARK: "x"}]}]}), ["Struct(List(Struct(String)))"]),
        (pa.table({"a": pa.array([[1]], pa.list_(pa.int8(), 1))}), ["Array(Int8)"]),
        (pd.DataFrame({"a": [{MARK: 1}]}), ["Object"]),
        (
            pd.DataFrame(
                {"a": pd.date_range("2026-01-01", periods=1, tz="Europe/Berlin", unit="us")}
            ),
            ["Datetime(us, Europe/Berlin)"],
        ),
    ],
    ids=["ordered", "categories", "structures", "lists", "objects", "moments"],
)
def test_fingerprint_type_lists_no_values(frame: object, dtypes: list[str]) -> None:
    """A type that lists its categories, or the keys in its cells, is told without them."""
    older = ["Categorical"] if dtypes == ["Enum"] else dtypes  # narwhals 1
    use("all")
    found = fingerprint(frame)
    assert found["dtypes"] in (dtypes, older)
    assert MARK not in repr(found)


# Files: what they are


def packed(name: str) -> bytes:
    """Return a file of a format that is no text."""
    target = io.BytesIO()
    if name == "zip":
        with zipfile.ZipFile(target, "w") as file:
            file.writestr("a.csv", "a,b\n1,2\n")
    elif name == "xlsx":
        pytest.importorskip("openpyxl")
        pd.DataFrame({"a": [1]}).to_excel(target)
    elif name == "parquet":
        parquet.write_table(pa.table({"a": [1]}), target)
    else:
        target.write(gzip.compress(b"a,b\n1,2\n"))
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "format_"),
    [("zip", "zip"), ("xlsx", "zip"), ("parquet", "parquet"), ("gzip", "gzip")],
)
def test_fingerprint_knows_formats(name: str, format_: str) -> None:
    """Of a file that is no text, its size and its format, and nothing else."""
    data = packed(name)
    assert {"bytes": len(data), "format": format_} == fingerprint(data)


@pytest.mark.parametrize(
    ("data", "format_"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"SQLite format 3\x00", "sqlite"),
        (b"", "empty"),
        (b"\0", "binary"),
        (b"\0" * 1_000, "binary"),
        (b"a,b\0c\n1,2\n", "binary"),
        ("a,b\n1,2\n".encode("utf-32-le"), "binary"),
        (bytes(range(256)) * 9, "binary"),
    ],
)
def test_fingerprint_knows_what_is_no_text(data: bytes, format_: str) -> None:
    """Also by a few bytes; what has zeros in it and is no UTF-16 is binary."""
    assert {"bytes": len(data), "format": format_} == fingerprint(data)


# Files: their encoding

TABLE = "näme,größe\nx,1\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_fingerprint_follows_a_byte_order_mark(mark: bytes, encoding: str) -> None:
    """The mark tells the encoding, and is no part of the first name."""
    use("all")
    assert (encoding, encoding, None, 2, ",", [2, 2], ["näme", "größe"]) == told(
        mark + TABLE.encode(encoding),
        "bom",
        "encoding",
        "bad_byte",
        "lines",
        "separator",
        "fields",
        "names",
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_fingerprint_finds_the_encoding_without_a_mark(encoding: str) -> None:
    """UTF-16 is known by its zeros."""
    data = TABLE.encode(encoding)
    assert (None, encoding, None, 2) == told(data, "bom", "encoding", "bad_byte", "lines")


def test_fingerprint_of_a_mark_alone() -> None:
    """A mark and nothing else is a text without a line."""
    assert ("utf-8", None, 0, None) == told(codecs.BOM_UTF8, "bom", "newline", "lines", "separator")


@pytest.mark.parametrize("tail", [b"", b"\n", b",1\n"])
def test_fingerprint_of_latin_1(tail: bytes) -> None:
    """What is no UTF-8 and has no sign of it is Latin-1, also where its last byte tells."""
    assert ("latin-1", 6) == told(b"a,b\ncr\xe8"[:-1] + b"\xe8" + tail, "encoding", "bad_byte")


@pytest.mark.parametrize(
    "position", [0, 1, HEAD - 1, HEAD, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 3 * CHUNK - 1]
)
def test_fingerprint_finds_the_bad_byte(position: int) -> None:
    """The position of the first byte that is none of the encoding's, wherever it is read."""
    data = bytearray(b"a" * (3 * CHUNK))
    data[position] = 0xFF
    assert ("latin-1", position) == told(data, "encoding", "bad_byte")


@pytest.mark.parametrize("before", range(4))
def test_fingerprint_reads_characters_across_chunks(before: int) -> None:
    """A character of several bytes may lie on a border, and one that is cut there is bad."""
    good = b"a" * (CHUNK - before) + "😀".encode()
    assert ("utf-8", None) == told(good, "encoding", "bad_byte")
    bad = good[:-1] + b"aaaa"
    assert ("latin-1", CHUNK - before) == told(bad, "encoding", "bad_byte")


@pytest.mark.parametrize("before", range(1, 5))
def test_fingerprint_head_may_end_amid_a_character(before: int) -> None:
    """A character on the border of what is looked at for columns is no bad byte."""
    lines = b"a,b\n" * (HEAD // 4 - 2) + b"x,yz"
    data = lines[: HEAD - before] + b"," * (HEAD - before - len(lines)) + "😀\n".encode()
    assert ("utf-8", None, ",", [2, 2]) == told(data, "encoding", "bad_byte", "separator", "fields")


def test_fingerprint_of_damaged_utf_8() -> None:
    """What has been UTF-8 up to its bad byte stays so: cut short, or half of it in another one."""
    start = "größe,b\n".encode()
    assert ("utf-8", len(start)) == told(start + b"\xe8,1\n", "encoding", "bad_byte")
    assert ("utf-8", len(start)) == told(start + "ß".encode()[:1], "encoding", "bad_byte")
    marked = codecs.BOM_UTF8 + b"a,b\n"
    assert ("utf-8", len(marked)) == told(marked + b"\xe8,1\n", "encoding", "bad_byte")


def test_fingerprint_of_damaged_utf_16() -> None:
    """Positions count the mark too; an odd byte at the end is bad."""
    data = codecs.BOM_UTF16_LE + "a,b\n".encode("utf-16-le")
    assert ("utf-16-le", 10) == told(data + b"x", "encoding", "bad_byte")
    assert ("utf-16-le", 10) == told(data + b"\x00\xdc\x41\x00", "encoding", "bad_byte")
    assert ("utf-16-le", 8) == told(data[2:] + b"\x00\xdc\x41\x00", "encoding", "bad_byte")


# Files: their lines and columns


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_fingerprint_counts_lines(newline: str, last: bool) -> None:  # noqa: FBT001
    """Each way to end a line is known, and the last line counts without one."""
    text = newline.join(["a,b", "1,2", "3,4"]) + newline * last
    for encoding in ("utf-8", "utf-16-be"):
        assert (newline, 3, ",", [2, 2], True) == told(
            text.encode(encoding), "newline", "lines", "separator", "fields", "header"
        )


def test_fingerprint_newline_is_what_most_lines_end_with() -> None:
    """Another one in a quoted cell does not change it."""
    assert ("\n", 4) == told(b'a,b\n"x\r\ny",2\n3,4\n', "newline", "lines")


@pytest.mark.parametrize(
    ("text", "separator", "fields", "header"),
    [
        ("a,b\n1,2\n", ",", [2, 2], True),
        ("a;b\n1,5;2,5\n1,7;3,5\n", ";", [2, 2], True),
        ("1,5;2,5;3,5\n1,5;2,5;3,5\n", ";", [3, 3], False),
        ("a\tb\n1\t2\n", "\t", [2, 2], True),
        ("a|b\n1|2\n", "|", [2, 2], True),
        ('a,b\n"x;y;z",2\n"1\n2\n3",2\n', ",", [2, 2], True),
        ("a,b,c\n1,2\n3,4,5\n6,7,8,9\n", ",", [2, 4], True),
        ("a,b\n1,2\n\n\n3,4\n", ",", [2, 2], True),
        ('"a","say ""b"""\n1,2\n', ",", [2, 2], True),
        (",a,b\n0,1,2\n", ",", [3, 3], True),
        ("day,town\n2026-01-01T08:00Z,Bern\n,Genf\n", ",", [2, 2], True),
    ],
)
def test_fingerprint_finds_the_columns(
    text: str, separator: str, fields: list[int], header: object
) -> None:
    """Separators, quotes, decimal commas, ragged rows, blank lines, an index that was saved."""
    assert (separator, fields, header) == told(text.encode(), "separator", "fields", "header")


@pytest.mark.parametrize(
    "text", ["a\n1\n2\n", "a", "one line of text\n", "x" * 200_000, "a,b," * 50_000]
)
def test_fingerprint_of_what_is_no_table(text: str) -> None:
    """One column has no separator, and of a line that has no end nobody knows the columns."""
    found = fingerprint(text.encode())
    assert None is found["separator"]
    assert not {"fields", "header", "names"} & found.keys()


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,4\n",
        "Anna,Anna\n1,2\n",
        "Anna,\n1,2\n",
        "Anna,2026-01-01\n1,2026-01-02\n",
        "Anna,10:30\n1,11:30\n",
        "Anna,€ 5.00\n1,€ 6.00\n",
        "anna@bern.ch,x\n1,2\n",
        "Anna,n/a\nBeat,5\n",
        "Anna,unknown\nBeat,5\n",
        "Anna,nan\nBeat,5\n",
        "Anna,no\nAnna,5\n",
        '"Anna\nBern",no\nBeat,5\n',
        f"Anna,{'long ' * 21}\nBeat,5\n",
    ],
)
def test_fingerprint_first_line_of_values_is_no_header(text: str) -> None:
    """A number, a date, a gap, an address, a cell that comes again: a line of data."""
    use("all")
    found = fingerprint(text.encode())
    assert False is found["header"]
    assert "names" not in found


@pytest.mark.parametrize("text", ["Anna,Bern\nBeat,Genf\n", "Anna,Bern\n", "Anna,Bern\n,\n"])
def test_fingerprint_does_not_guess_among_texts(text: str) -> None:
    """Where every column holds text nothing tells names of columns from names of people."""
    use("all")
    found = fingerprint(text.encode())
    assert None is found["header"]
    assert "names" not in found


# Open files


def test_fingerprint_leaves_a_file_at_its_position(tmp_path: Path) -> None:
    """It looks from the start, and whoever reads on reads on."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n")
    for buffering in (-1, 0):
        with path.open("rb", buffering=buffering) as file:
            file.seek(3)
            assert (8, "text", 2) == told(file, "bytes", "format", "lines")
            assert b"\n1,2\n" == file.read()


def test_fingerprint_of_an_upload() -> None:
    """A file that Streamlit has received is described like its bytes."""
    upload = UploadedFile(
        UploadedFileRec("id", "secret name.csv", "text/csv", b"a,b\n1,2\n"), MagicMock()
    )
    upload.read(2)
    assert fingerprint(b"a,b\n1,2\n") == fingerprint(upload)
    assert 2 == upload.tell()


def test_fingerprint_examines_the_beginning_of_a_large_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the bound only the size is known, and a character cut there is no bad byte."""
    monkeypatch.setattr(sys.modules["streamlit_ext.fingerprinting"], "_EXAMINED", 10)
    data = "a,b\n1,2\n\nß,3\n".encode()
    expected = (len(data), 10, None, 4)
    names = ("bytes", "examined", "bad_byte", "lines")
    assert expected == told(data, *names)
    assert expected == told(io.BytesIO(data), *names)
    assert "examined" not in fingerprint(data[:10])


def test_fingerprint_of_a_view() -> None:
    """A view is as many bytes as it has, whatever its items are."""
    assert 12 == fingerprint(memoryview(array.array("i", [1, 2, 3])))["bytes"]
    assert fingerprint(b"a,b\n1,2\n") == fingerprint(memoryview(b"a,b\n1,2\n"))


# What is none of it


class ThatRaises:
    """Raises at whatever it is asked for."""

    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(f"{name} of {MARK}")


class FileThatRaises(io.BytesIO):
    """Raises where it is read."""

    def read(self, *_: object) -> bytes:
        raise OSError(MARK)


class FileWithoutEnd(io.BytesIO):
    """Cannot be moved."""

    def seek(self, *_: object) -> int:
        raise OSError(MARK)


class FileOfNothing(io.BytesIO):
    """Has nothing to read just now, as what does not block may."""

    def read(self, *_: object) -> bytes:
        return None  # type: ignore[return-value]


class NameThatRaises:
    """Raises where its text is asked for."""

    def __str__(self) -> str:
        raise RuntimeError(MARK)


class Hostile(type):
    """Tells another name of its classes."""

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise RuntimeError(MARK)


class OfHostile(metaclass=Hostile):
    """Has a type that does not tell its name."""


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: None, "NoneType"),
        (lambda: 5, "int"),
        (lambda: MARK, "str"),
        (lambda: [MARK], "list"),
        (lambda: pd.Series([MARK]), "Series"),
        (lambda: io.StringIO(MARK), "StringIO"),
        (MagicMock, "MagicMock"),
        (ThatRaises, "ThatRaises"),
        (lambda: FileThatRaises(b"x"), "FileThatRaises"),
        (lambda: FileWithoutEnd(b"x"), "FileWithoutEnd"),
        (lambda: FileOfNothing(b"x"), "FileOfNothing"),
        (lambda: OfHostile(), "OfHostile"),
        (lambda: pd.DataFrame, "type"),
    ],
)
def test_fingerprint_of_anything_else_is_its_type(make: Callable[[], object], kind: str) -> None:
    """What is neither a frame nor a file is its type; nothing is raised or told of it."""
    use("all")
    assert {"type": kind} == fingerprint(make())


def test_fingerprint_of_a_foreign_column_name_raises_nothing() -> None:
    """A name whose text cannot be had costs the description, not the app."""
    use("all")
    frame = pd.DataFrame([[1]], columns=pd.Index([NameThatRaises()], dtype=object))
    assert {"type": "DataFrame"} == fingerprint(frame)


def test_fingerprint_counts_failures_only() -> None:
    """What is simply no frame is no failure of ours; what raises is counted."""
    fingerprint(5)
    fingerprint(io.StringIO("a"))
    assert {} == audit_stats().internal_failures
    fingerprint(FileThatRaises(b"x"))
    assert {"fingerprint: OSError": 1} == audit_stats().internal_failures


def test_fingerprint_puts_a_file_back_that_fails() -> None:
    """Also after a failure the file is where it was."""
    file = FileThatRaises(b"abc")
    file.seek(2)
    fingerprint(file)
    assert 2 == file.tell()


# The record

CSV = f"{MARK}_a,{MARK}_b\n1,x\n2,y\n".encode()
FRAME = pd.DataFrame({f"{MARK}_a": [1], f"{MARK}_b": ["x"]})


@pytest.mark.parametrize(
    ("values", "of_frame", "of_file"),
    [("shape", False, False), ("choices", True, False), ("all", True, True)],
)
def test_fingerprint_names_follow_the_policy(
    values: Values,
    of_frame: bool,  # noqa: FBT001
    of_file: bool,  # noqa: FBT001
) -> None:
    """A frame's names from ``choices`` on; a file's, which are a guess, under ``all``."""
    use(values)
    names = [f"{MARK}_a", f"{MARK}_b"]
    assert (names if of_frame else None) == fingerprint(FRAME).get("names")
    assert (names if of_file else None) == fingerprint(CSV).get("names")
    assert of_file == (MARK in repr(fingerprint(io.BytesIO(CSV))))


KEPT = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SECRETS = st.text("abäß1 ", max_size=4).map(lambda text: f"{MARK}{text}{MARK}")
OTHERS = st.one_of(st.none(), st.integers(-9, 9), st.floats(allow_nan=True), st.booleans())
CELLS = st.one_of(SECRETS, OTHERS)
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@KEPT
@given(table=TABLES, values=st.sampled_from(["shape", "choices", "all"]))
def test_fingerprint_of_a_frame_tells_no_value(table: list[list[object]], values: Values) -> None:
    """Whatever stands in the cells of a frame, under every policy."""
    use(values)
    frame = pd.DataFrame(table)
    found = fingerprint(frame)
    assert MARK not in repr(found)
    assert frame.shape == (found["rows"], found["columns"])
    categories = pd.DataFrame({"a": pd.Categorical([str(row[0]) for row in table], ordered=True)})
    assert MARK not in repr(fingerprint(categories))


@KEPT
@given(
    table=TABLES,
    values=st.sampled_from(["shape", "choices"]),
    separator=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"]),
)
def test_fingerprint_of_a_file_tells_no_cell(
    table: list[list[object]], values: Values, separator: str, newline: str, encoding: str
) -> None:
    """A file without a header has nothing to hide behind: no cell of any line is told."""
    use(values)
    text = newline.join(separator.join(map(str, row)) for row in table)
    found = fingerprint(text.encode(encoding))
    assert "text" == found["format"]
    assert MARK not in repr(found)


@KEPT
@given(table=st.lists(st.lists(SECRETS, min_size=2, max_size=4), min_size=1, max_size=6))
def test_fingerprint_of_a_file_of_texts_tells_no_cell_under_all(table: list[list[str]]) -> None:
    """Under ``all`` too, where no column has anything but text."""
    use("all")
    assert MARK not in repr(fingerprint("\n".join(map(",".join, table)).encode()))


@KEPT
@given(data=st.binary(max_size=64))
def test_fingerprint_of_any_bytes(data: bytes) -> None:
    """Any bytes are described, with a failure of nothing."""
    use("all")
    assert len(data) == fingerprint(data)["bytes"]
    assert {} == audit_stats().internal_failures


@pytest.mark.parametrize(
    "thing",
    [FRAME, pa.table({"a": [1]}), CSV, b"", b"\0", packed("zip"), 5, io.BytesIO(CSV)],
    ids=["frame", "table", "text", "empty", "binary", "zip", "other", "file"],
)
@pytest.mark.parametrize("values", ["shape", "all"])
def test_fingerprint_fits_into_a_record(thing: object, values: Values) -> None:
    """Its fields stand in the record under their own names, none renamed, none cut."""
    use(values)
    found = fingerprint(thing)
    log_event("load", "Read a table", **found)  # type: ignore[arg-type]
    (record,) = written_records()
    assert found == {name: record[name] for name in found}
    assert not found.keys() & (RESERVED | {"page"})
    assert not [name for name in record if name.startswith("extra_")]
    assert "truncated" not in record


def test_fingerprint_of_many_columns_fits_into_a_record() -> None:
    """The types and gaps of 200 columns are within what a value may be."""
    frame = pd.DataFrame([[pd.Timestamp("2026-01-01", tz="Europe/Berlin")] * 300])
    found = fingerprint(frame)
    log_event("load", "Read a table", **found)  # type: ignore[arg-type]
    (record,) = written_records()
    (dtype,) = set(record["dtypes"])  # type: ignore[call-overload]
    assert re.fullmatch(r"Datetime\(.s, Europe/Berlin\)", dtype)
    assert found["dtypes"] == record["dtypes"] == [dtype] * 200
    assert "truncated" not in record


def test_fingerprint_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """No word on either stream, whatever it is given."""
    for thing in (FRAME, CSV, ThatRaises(), FileThatRaises(b"x")):
        fingerprint(thing)
    assert ("", "") == tuple(capfd.readouterr())
