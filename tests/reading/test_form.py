"""The form of a line: what the recorder writes fits, and whatever fits is what it seems."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import datatools_audit as audit
from datatools_audit.reading.form import FORM
from datatools_audit.reading.reader import parse_line

# Python's patterns differ from RE2's in nothing that is used here.
fits = re.compile(FORM.encode()).fullmatch
LINE = (
    b'{"ts":"2026-05-19T21:22:47.123+00:00","level":"info","category":"c","session":"a1b2c3d4",'
    b'"message":"m","proc":"9f3e12ab","seq":17,"page":"upload"'
)
HEAD = ("ts", "level", "category", "session", "message", "proc", "seq", "page", "support_code")


def test_form_fits_what_the_recorder_writes() -> None:
    """Events, actions, errors and values of every kind are in the form."""
    audit.log_session_start()
    audit.log_page_open("upload")
    audit.log_event("a", 'say "hi" \\ ä\n', rows=3, share=-0.5e-7, ok=True, none=None)
    audit.log_event("a", "m", nested={"a": [1, "b"]}, tsx=1, sess=2, seqs=3, t="", p=1)
    with pytest.raises(ValueError, match="x"), audit.audit_action("fit", rows=3):
        raise ValueError("x")
    audit.log_exception("Reading", ValueError("x"), support_code="E-7K3F9Q", more=1)
    assert audit.flush_audit_log(10)
    lines = audit.audit_log_path().read_bytes().splitlines()
    assert len(lines) > 6
    assert [] == [line for line in lines if not fits(line)]


@pytest.mark.parametrize("name", HEAD)
def test_form_has_no_name_of_the_table_twice(name: str) -> None:
    """A line with such a name again does not fit, one with a name that begins so does."""
    whole = LINE + b',"support_code":"E"'
    assert fits(whole + b"}")
    assert not fits(whole + b',"%s":"x"}' % name.encode())
    for other in (name[:-1], name + "x", "x" + name, name.upper()):
        assert fits(whole + b',"%s":"x"}' % other.encode())


PIECES = [b"", b",", b'"', b":", b"\\", b"\\u0073", b"{", b"}", b"[", b"]", b" ", b"\r", b"\n"]
MORE = [b"NaN", b"-", b"0", b"1e9", b"1e999", b"null", b'"x":1', b'"session":"b"', b'"\xc3\xa4"']


@given(
    st.integers(0, len(LINE)),
    st.integers(0, 12),
    st.lists(st.sampled_from(PIECES + MORE), max_size=5).map(b"".join),
)
@example(len(LINE), 0, b',"x":1,"x":2')
def test_form_proves_a_record(at: int, cut: int, put: bytes) -> None:
    """Whatever is done to a line: if it fits it is a record, with the head that it seems."""
    line = LINE[:at] + put + LINE[at + cut :] + b"}"
    if fits(line) and not _is_utf8(line):
        return
    if fits(line):
        record = parse_line(line + b"\n", Path("x"), 0)
        first: dict[str, object] = {}
        for name, value in orjson.loads(b"[" + _pairs(line) + b"]"):
            first.setdefault(name, value)
        assert record.problem is None
        assert [first.get(name) for name in HEAD] == [record.get(name) for name in HEAD]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _pairs(line: bytes) -> bytes:
    """Return the pairs of an object, in order, as arrays of JSON."""
    import json

    pairs = json.loads(line, object_pairs_hook=lambda found: found)
    return orjson.dumps(pairs)[1:-1]
