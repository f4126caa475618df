"""How a text file's encoding and separator are found."""

from __future__ import annotations

import io

import pytest

from datatools.textfile import rows_of, sniff_encoding, sniff_separator


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_encoding_is_found(written, found):
    """The encoding that wrote the file is the one found."""
    assert found == sniff_encoding(io.BytesIO("Größe,Name\n1,Zoë\n".encode(written)))


def test_encoding_of_bytes_that_windows_lacks_is_latin_1():
    """Bytes that neither UTF-8 nor Windows-1252 knows are still read."""
    assert sniff_encoding(io.BytesIO(b"a,b\n\x81,\xff\n")) == "latin-1"


def test_encoding_is_decided_by_the_whole_file():
    """One foreign byte far behind the sample is enough to rule UTF-8 out."""
    assert sniff_encoding(io.BytesIO(b"a\n" * 100_000 + b"\xe9\n")) == "cp1252"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found(separator):
    """The separator that cuts every row alike is the one found."""
    rows = (("a", "b", "c"), ("1,5", "2;3", "x y"), ("7", "8", "9"))
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert separator == sniff_separator(text)


def test_only_line_ends_end_a_row():
    """A line separator inside a cell, as text editors know it, ends no row."""
    assert rows_of("a,b\r\n1\u2028\x0b,2\r\n", ",") == [["a", "b"], ["1\u2028\x0b", "2"]]


def test_separator_of_one_column_is_a_comma():
    """A file without any separator is a CSV of one column."""
    assert sniff_separator("name\nAda\nGrace\n") == ","
