"""Records that no recorder of ours would write."""

from __future__ import annotations

import json
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from datatools_audit.support.bundle import pack
from datatools_audit.support.groups import GROUPS
from datatools_audit.support.verify import verify
from tests.helpers import strict_json
from tests.support.made import NAMES, OTHER_PROC, PROC, SESSION, moment, previewed, unpacked

HOSTILE = (
    "../../etc/passwd", "manifest.json", "C:\\Users\\anna\\x.csv", "a/b\x00c", "=HYPERLINK(1)",
    "<left out>", "<email-1>", "anna@shop.example", "\x1b[2J", "\u2028\u2029\x7f", "{contents}",
    "%s %n", "\ufeff", "😀" * 40, "a" * 5000, "__proto__", "", " ", "\n\n", "NaN", "constructor",
)  # fmt: skip
FIELDS = (
    "label", "key", "title", "old", "new", "text", "filename", "path", "cwd", "exc_message",
    "exc_type", "traceback", "stack", "phase", "outcome", "run_id", "action_id", "support_code",
    "app", "version", "page", "truncated", "kind", "extra_seq", "logger", "rows", "names",
)  # fmt: skip
CATEGORIES = (
    "session", "nav", "widget", "upload", "download", "run", "hang", "error", "log", "report",
    "audit", "order",
)  # fmt: skip

texts = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | texts, inner, max_size=4)
    ),
    max_leaves=12,
)
heads = st.fixed_dictionaries(
    {
        "ts": st.builds(moment, st.integers(0, 3599)) | texts,
        "level": st.sampled_from(["info", "error", "warning"]) | texts,
        "category": st.sampled_from(CATEGORIES) | texts,
        "session": st.sampled_from([SESSION, "00000000"]) | texts,
        "message": st.sampled_from(["Opened x", "Uploaded ", "Run started", "order started"])
        | texts,
        "proc": st.sampled_from([PROC, OTHER_PROC]) | texts,
        "seq": st.integers(-5, 50) | st.sampled_from([(1 << 63) - 1, 1 << 63, (1 << 64) - 1]),
    }
)
rest = st.dictionaries(st.sampled_from(FIELDS) | texts, values, max_size=6)
lines_of_records = st.builds(lambda head, more: orjson.dumps(head | (more | head)), heads, rest)
RAW = [
    b'{"ts":"2026-05-19T14:00:01.000+00:00","level":"info","category":"order","session":"a1b2c3d4"'
    b',"message":%b,"proc":"9f3e12ab","seq":%b,"x":%b}' % each
    for each in [
        (b'"\\ud800"', b"1", b"1"),
        (b'"\\udfff\\ud83d"', b"1", b"1"),
        (b'"\\ud83d\\ude00"', b"1", b"1"),
        (b'"x"', b"1", b"NaN"),
        (b'"x"', b"1", b"-Infinity"),
        (b'"x"', b"1" * 400, b"1"),
        (b'"x"', b"1", b"9" * 400),
        (b'"x"', b"1", b"1e999"),
        (b'"x"', b"1.0", b"1"),
        (b'"x"', b"true", b"1"),
        (b'"x"', b"1", b'{"a":1,"a":2}'),
        (b'"\xed\xa0\x80"', b"1", b"1"),
    ]
]
logs = st.lists(lines_of_records | st.sampled_from(RAW) | st.binary(max_size=40), max_size=8)
choices = st.dictionaries(st.sampled_from(GROUPS), st.booleans())


@settings(max_examples=300)
@given(lines=logs, choice=choices, limit=st.integers(0, 4000) | st.just(1 << 20), about=values)
def test_hostile_records_make_a_bundle(
    lines: list[bytes], choice: dict[str, bool], limit: int, about: Any
) -> None:
    """Whatever a log holds, the bundle has its files, strict JSON, and fits its manifest."""
    found = previewed([each + b"\n" for each in lines], most_bytes=limit, **choice)
    data = pack(found, {"extra": about}, note=str(about)[:100])
    kept = unpacked(data)
    assert NAMES == sorted(kept)
    told = json.loads(kept["manifest.json"])
    records = [strict_json(each) for each in kept["events.jsonl"].splitlines(keepends=True)]
    assert len(records) == told["events"] == found.events
    assert len(kept["events.jsonl"]) <= limit
    assert b"anna@shop.example" not in b"".join(kept.values())
    strict_json(kept["environment.json"].replace(b"\n", b" ") + b"\n")
    assert [] == verify(data)
    spoken = [line for line in lines if line.strip()]
    assert len(spoken) >= found.events + found.no_record + found.oldest_left_out


@settings(max_examples=150)
@given(
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=3, max_size=20).filter(
        lambda name: not name.isascii() or not name.isalnum()
    ),
    more=rest,
    message=texts,
)
def test_hostile_file_names_are_left_out(name: str, more: dict[str, Any], message: str) -> None:
    """A file's name of any characters, quoted anywhere, leaves nowhere when ticked off."""
    name = f"ƒ{name}ƒ"  # no word of ours
    head = {"ts": moment(1), "level": "info", "category": "order", "session": SESSION}
    head |= {"message": f"{message}{name}", "proc": PROC, "seq": 1}
    quoting = head | more | head | {"deep": [{name: f"a{name}b"}], name: 1}
    upload = head | {"category": "upload", "message": f"Uploaded {name}", "filename": name}
    found = previewed([orjson.dumps(each) for each in (quoting, upload)], filenames=False)
    assert 2 == found.events
    records = found.events_jsonl.decode()
    assert [] == [each for each in _texts(records) if name in each]


def _texts(records: str) -> list[str]:
    """Return all texts of the lines, names of fields too, but that of a page."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            for each in value:
                walk(each)
        elif isinstance(value, dict):
            for name, each in value.items():
                found.append(name)
                walk(each)

    for each in records.splitlines():
        walk(json.loads(each))
    return found
