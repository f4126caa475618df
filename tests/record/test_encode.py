"""One record is one line of strict JSON, bounded in size, with every name kept."""

from __future__ import annotations

import datetime
import re
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datatools_audit.context import Session
from datatools_audit.emit import emitter
from datatools_audit.record.coerce import VALUE_BYTES
from datatools_audit.record.encode import RECORD_BYTES, RESERVED, encode
from datatools_audit.record.levels import LEVELS
from datatools_audit.record.stamp import Stamps
from tests.helpers import strict_json

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = ("ts", "level", "category", "session", "message", "proc", "seq")
NOTHING = MappingProxyType[str, object]({})
UNSAFE = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029"]


def line(
    extra: object = NOTHING,
    *,
    level: object = "info",
    category: object = "test",
    message: object = "Said",
    page: str | None = None,
    fields: object = NOTHING,
) -> bytes:
    """Encode a record with the values of the contract's example where none is given."""
    ts = "2026-05-19T21:22:47.123+00:00"
    ids = ("a1b2c3d4", "9f3e12ab")
    made = encode(ts, level, category, ids[0], message, ids[1], 17, page, fields, extra)  # type: ignore[arg-type]
    # What an app calls has a way of its own for plain values: it makes the same line.
    assert made == emitted(level, category, message, fields, extra, Session(ids[0], page), ids[1])  # type: ignore[arg-type]
    return made


def emitted(
    level: object,
    category: object,
    message: object,
    fields: Mapping[str, object],
    extra: Mapping[str, object],
    session: Session,
    proc: str,
) -> bytes:
    """Return the line that an emitter puts into the queue, as number 17."""
    owner = SimpleNamespace(provider=None, process_session=session)
    put: list[bytes] = []
    writer = SimpleNamespace(put=put.append)
    stamps = Stamps(lambda: 1_779_225_767_123_000_000)
    emitter(owner, proc, lambda: 17, stamps, writer)(level, category, message, fields, extra)  # type: ignore[arg-type]
    (line,) = put
    return line


def record(extra: object = NOTHING, **changes: object) -> dict[str, object]:
    """Encode a record and parse it again."""
    return strict_json(line(extra, **changes))  # type: ignore[arg-type]


def test_encode_writes_the_line_of_the_contract() -> None:
    """The bytes of a usual record are exactly these."""
    assert line(
        {"filename": "customers.csv", "bytes": 24813, "owner": None},
        category="upload",
        message="Uploaded customers.csv",
        page="upload",
    ) == (
        b'{"ts":"2026-05-19T21:22:47.123+00:00","level":"info","category":"upload",'
        b'"session":"a1b2c3d4","message":"Uploaded customers.csv","proc":"9f3e12ab","seq":17,'
        b'"page":"upload","filename":"customers.csv","bytes":24813,"owner":null}\n'
    )


@pytest.mark.parametrize("odd", [1, float("nan"), "\udc80", "x" * 9000], ids=str)
def test_encode_keeps_the_order_of_the_fields(odd: object) -> None:
    """Head, page, the function's fields, then the extras as they came: on every path."""
    found = record({"z": odd, "a": 2, "m": 3}, page="p", fields={"y": 1, "b": 2})
    found.pop("truncated", None)
    assert [*HEAD, "page", "y", "b", "z", "a", "m"] == list(found)


@pytest.mark.parametrize("odd", [1, b""], ids=["plain", "converted"])
@pytest.mark.parametrize("name", sorted(RESERVED))
def test_encode_keeps_a_reserved_name_as_an_extra(name: str, odd: object) -> None:
    """An extra named like a field of ours never overwrites it and is never lost."""
    usual = record()
    found = record({name: "mine", "odd": odd})
    assert found.pop("extra_" + name) == "mine"
    assert {**usual, "odd": found["odd"]} == found


@pytest.mark.parametrize("odd", [1, b""], ids=["plain", "converted"])
@pytest.mark.parametrize("turned", [False, True])
def test_encode_keeps_both_of_two_names_that_meet(odd: object, *, turned: bool) -> None:
    """``ts`` beside a caller's own ``extra_ts``: both values stay, the latter's name too."""
    extra = {"ts": "a", "extra_ts": "b", "odd": odd}
    found = record(dict(reversed(extra.items())) if turned else extra)
    assert (found["extra_ts"], found["extra_extra_ts"]) == ("b", "a")


@pytest.mark.parametrize("odd", [1, b""], ids=["plain", "converted"])
@pytest.mark.parametrize(
    ("page", "expected"),
    [(None, {"page": "mine"}), ("ours", {"page": "ours", "extra_page": "mine"})],
)
def test_encode_renames_a_page_where_one_is_known(
    page: str | None, expected: dict[str, str], odd: object
) -> None:
    """``page`` is a field of ours only where the session is on a page."""
    found = record({"page": "mine", "odd": odd}, page=page)
    assert expected == {k: v for k, v in found.items() if k.endswith("page")}


@pytest.mark.parametrize("odd", [1, b""], ids=["plain", "converted"])
def test_encode_prefers_the_fields_of_the_function(odd: object) -> None:
    """What the product's function sets stands; the session's page and extras give way."""
    found = record({"phase": "mine", "odd": odd}, page="p", fields={"phase": "start", "page": "q"})
    assert (found["phase"], found["extra_phase"], found["page"]) == ("start", "mine", "q")


@pytest.mark.parametrize(
    "value", [float("nan"), (float("inf"),), datetime.date(2026, 5, 19), {1}, b"x", [object()]]
)
def test_encode_converts_the_fields_as_it_does_the_extras(value: object) -> None:
    """A field of the product's function may carry a caller's value, as ``args`` does."""
    assert record({"x": value})["x"] == record(fields={"x": value})["x"]


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_encode_keeps_each_level(level: str) -> None:
    """The five levels stand as they are, in capitals too."""
    assert [level] * 2 == [record(level=level)["level"], record(level=level.upper())["level"]]
    assert "extra_level" not in record(level=level.upper())


@pytest.mark.parametrize(
    ("level", "kept"), [("loud", "loud"), ("", ""), (30, 30), (None, None), (b"info", {"bytes": 4})]
)
def test_encode_makes_an_unknown_level_info(level: object, kept: object) -> None:
    """What is no level becomes ``info``, and stays to be read."""
    found = record({"extra_level": "mine"}, level=level)
    assert ("info", kept, "mine") == (
        found["level"],
        found["extra_level"],
        found["extra_extra_level"],
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (5, "5"),
        (True, "true"),
        (float("nan"), "NaN"),
        ({"a": [1]}, '{"a":[1]}'),
        (b"x", '{"bytes":1}'),
        (ValueError("bad"), "ValueError: bad"),
        ("a\udc80", "a\\udc80"),
        (object(), "object"),
        (2**70, str(2**70)),
    ],
)
@pytest.mark.parametrize("name", ["category", "message"])
def test_encode_makes_category_and_message_texts(name: str, value: object, expected: str) -> None:
    """Whatever is given as category or message, the record holds a text there."""
    assert expected == record(**{name: value})[name]


@pytest.mark.parametrize("character", UNSAFE, ids=ascii)
def test_encode_escapes_what_moves_a_cursor_or_ends_a_line(character: str) -> None:
    """No raw control character is in the bytes, wherever it was; read back, it is there."""
    text = f"a{character}b"
    raw = line({text: text, "deep": [{text: text}], "odd": b""}, category=text, message=text)
    plain = line({text: text}, category=text, message=text)
    for data in (raw, plain):
        assert data.count(b"\n") == 1
        assert not set(data[:-1].decode()).intersection(UNSAFE)
        found = strict_json(data)
        assert [text] * 3 == [found[text], found["category"], found["message"]]
    assert strict_json(raw)["deep"] == [{text: text}]


def test_encode_leaves_other_characters_as_they_are() -> None:
    """Letters beyond ASCII are no longer than UTF-8 makes them."""
    text = "é ü ß 漢字 😀 \u00a0 \u2027 \u202f \u3000 \ufeff"
    assert text.encode() in line({"x": text, "odd": b""})
    assert text.encode() in line({"x": text})


def test_encode_shows_a_lone_surrogate_everywhere() -> None:
    """A lone surrogate in a name or value becomes the text of its escape."""
    odd = "a\udc80b"
    found = record({odd: odd, "deep": {odd: [odd]}}, category=odd, message=odd, page=odd)
    shown = "a\\udc80b"
    expected = {shown: shown, "deep": {shown: [shown]}, "category": shown, "message": shown}
    assert {**expected, "page": shown} == {k: found[k] for k in (*expected, "page")}


def test_encode_keeps_names_that_become_equal() -> None:
    """A name that is cleaned may meet another; both values stay."""
    found = record({"\udc80": 1, "\\udc80": 2, "odd": b""})
    assert {1, 2} <= {value for value in found.values() if isinstance(value, int)}


@pytest.mark.parametrize("name", ["", "self", "args", "extra", "with space", 'quo"te', "é", "a.b"])
def test_encode_takes_any_name(name: str) -> None:
    """An extra may have any name."""
    assert record({name: 1})[name] == 1


# --- bounds


@pytest.mark.parametrize("size", [VALUE_BYTES - 300, VALUE_BYTES - 1, VALUE_BYTES])
@pytest.mark.parametrize("letter", ["x", "é", "\u2028"])
def test_encode_keeps_a_value_of_8_kib(letter: str, size: int) -> None:
    """A text of exactly 8,192 bytes is whole, and nothing is said of a cut."""
    text = "x" * (size % len(letter.encode())) + letter * (size // len(letter.encode()))
    found = record({"x": text})
    assert (text, False) == (found["x"], "truncated" in found)


@pytest.mark.parametrize("name", ["message", "x"])
def test_encode_cuts_a_longer_value_and_names_it(name: str) -> None:
    """One byte more than 8,192 is cut, and ``truncated`` names the value."""
    text = "x" * (VALUE_BYTES + 1)
    found = record(message=text) if name == "message" else record({"x": text})
    cut = str(found[name])
    assert ([name], VALUE_BYTES, "…") == (found["truncated"], len(cut.encode()), cut[-1])


def test_encode_names_every_value_that_was_cut() -> None:
    """Each cut value is named once; the caller's own ``truncated`` stays beside it."""
    long = "x" * 9000
    found = record({"a": long, "b": 1, "c": [long], "truncated": "mine"}, message=long)
    assert (found["truncated"], found["extra_truncated"]) == (["message", "a", "c"], "mine")


def test_encode_cuts_a_long_category() -> None:
    """A category is a word; more than 256 bytes of it are cut and named."""
    found = record(category="c" * 9000)
    assert (len(str(found["category"]).encode()), found["truncated"]) == (256, ["category"])


@pytest.mark.parametrize("extra", [{}, {"x": b""}], ids=["plain", "converted"])
def test_encode_keeps_a_record_below_64_kib(extra: dict[str, object]) -> None:
    """Values of which none is over 8 KiB are whole as long as the record is not over 64."""
    extra |= {f"x{n}": "y" * 8000 for n in range(8)}
    data = line(extra)
    found = strict_json(data)
    assert len(data) <= RECORD_BYTES
    assert ({"y" * 8000}, False) == ({found[f"x{n}"] for n in range(8)}, "truncated" in found)


@pytest.mark.parametrize("size", [50_000, RECORD_BYTES, RECORD_BYTES + 1, 66_000])
def test_encode_finds_the_bound_of_a_record(size: int) -> None:
    """A record is cut when its line would be over 65,536 bytes, not before."""
    texts = {f"x{n}": "y" * 6000 for n in range(8)}
    texts |= dict.fromkeys(("z1", "z2", "z3"), "")
    rest = size - len(line(dict.fromkeys(texts, ""))) - 8 * 6000
    texts |= {f"z{n}": "y" * (rest * n // 3 - rest * (n - 1) // 3) for n in (1, 2, 3)}
    data = line(texts)
    expected = size <= RECORD_BYTES
    assert (expected, not expected) == (len(data) == size, b'"truncated"' in data)
    assert len(data) <= RECORD_BYTES


def test_encode_cuts_the_longest_values_first() -> None:
    """Of a record over 64 KiB the short values stay; every name is there."""
    extra = {f"long{n}": "x" * 8000 for n in range(20)} | {f"short{n}": n for n in range(20)}
    data = line(extra)
    found = strict_json(data)
    assert len(data) <= RECORD_BYTES
    assert extra.keys() <= found.keys()
    assert list(range(20)) == [found[f"short{n}"] for n in range(20)]
    assert isinstance(found["truncated"], list)
    assert {name[:4] for name in found["truncated"]} == {"long"}


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({f"x{n}": "y" * 4000 for n in range(200)}, id="long values"),
        pytest.param({f"x{n}": n for n in range(20_000)}, id="many names"),
        pytest.param({"n" * 100_000 + str(n): n for n in range(20)}, id="long names"),
        pytest.param({"\0" * 200 + str(n): n for n in range(100)}, id="control names"),
        pytest.param({"\x80" * 120 + str(n): n for n in range(500)}, id="C1 names"),
        pytest.param({f"{n}" + "\0" * 300: "\0" * 9000 for n in range(100)}, id="control values"),
        pytest.param({f"{n}": "\0" * 8192 for n in range(10)}, id="control texts"),
        pytest.param({f"{n}": ["\u2028"] * 5000 for n in range(30)}, id="line separators"),
        pytest.param(
            {"\udc80" * 300 + str(n): "\udc80" * 9000 for n in range(99)}, id="surrogates"
        ),
        pytest.param({f"{n}": [object()] * 9000 for n in range(30)}, id="objects"),
        pytest.param(dict.fromkeys(RESERVED, "x" * 9000), id="reserved"),
    ],
)
@pytest.mark.parametrize("head", ["x", "\0"])
def test_encode_bounds_every_record(extra: dict[str, object], head: str) -> None:
    """No record is over 64 KiB, whatever its values and names; it says that it was cut."""
    text = head * 9000
    data = line(extra, category=text, message=text, fields={"f": text}, page="p")
    found = strict_json(data)
    assert (len(data) <= RECORD_BYTES, bool(found["truncated"])) == (True, True)
    assert [found[name] for name in ("session", "proc", "seq")] == ["a1b2c3d4", "9f3e12ab", 17]


def test_encode_says_how_many_extras_it_left_out() -> None:
    """Where the names alone fill the record, the number of the rest is told."""
    found = record({f"name{n}": n for n in range(20_000)})
    kept = sum(name.startswith("name") for name in found)
    assert f"{20_000 - kept} more" in str(found["truncated"])


def test_encode_gives_its_lines_a_ts_of_fixed_place() -> None:
    """A line begins with its ``ts``, which the spool finds its day by."""
    assert all(
        data.startswith(b'{"ts":"2026-05-19T21:22:47.123+00:00","level":"')
        for data in (line(), line({"x": b""}), line({"ts": 1}), line({"x": "y" * 99_999}))
    )


@settings(max_examples=200)
@given(
    extra=st.dictionaries(
        st.text(st.characters(), max_size=300), st.text(st.characters(), max_size=3000), max_size=40
    ),
    message=st.text(st.characters()),
)
def test_encode_never_writes_a_raw_control_character(extra: dict[str, str], message: str) -> None:
    """Any texts at all, lone surrogates included: one line, no control, within bounds."""
    data = line(extra, message=message)
    assert strict_json(data)
    assert len(data) <= RECORD_BYTES
    assert not re.search("[\0-\x1f\x7f-\x9f\u2028\u2029]", data[:-1].decode())


_PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 66), 1 << 66),
    st.floats(),
    st.text(max_size=40),
    st.text("aü\x7f\ud800", min_size=8_180, max_size=8_200),
)


@settings(max_examples=400)
@given(
    category=st.text(max_size=300),
    message=st.text(max_size=60),
    level=st.sampled_from([*LEVELS, "INFO", "loud", 3]),
    page=st.one_of(st.none(), st.text(max_size=20)),
    fields=st.dictionaries(st.sampled_from(["page", "title", "ts", "a"]), _PLAIN, max_size=2),
    extra=st.dictionaries(
        st.one_of(st.sampled_from([*HEAD, "page", "a", "extra_ts"]), st.text(max_size=270)),
        _PLAIN,
        max_size=6,
    ),
)
def test_encode_and_the_plain_way_make_the_same_line(
    category: str,
    message: str,
    level: object,
    page: str | None,
    fields: dict[str, object],
    extra: dict[str, object],
) -> None:
    """Whatever is called: `line` compares the two."""
    strict_json(
        line(extra, level=level, category=category, message=message, page=page, fields=fields)
    )
