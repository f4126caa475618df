"""What counts records counts what `events` has, and is asked by that question only."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from datatools_audit.reading import counting, tables
from datatools_audit.reading.database import Database
from datatools_audit.reading.inputs import Input
from tests.reading.test_store import line

SESSION = Path(__file__).parents[1] / "data" / "session.jsonl"
ALL = "select count(*) from events"

TEXTS = st.sampled_from(['"x"', '""', '"{"', '"\\""', '",\\"level\\":\\""', '"a,b:{}"', '"é😀"'])
OTHER = st.sampled_from(["null", "5", "[1]", '["a","b"]', "{}", '{"seq":5}', '"seq"'])
NUMBERS = st.sampled_from(["1", "18446744073709551615", "-3", "0", " 7", "1.5"])
NO_NUMBERS = st.sampled_from(["null", '"x"', "[]", "[1]", "{}", '{"a":1}', '""'])
MORE = st.tuples(st.sampled_from(["page", "x", "freq", 'x\\"seq', ",", "{"]), TEXTS | OTHER)


@st.composite
def heads(draw: st.DrawFn) -> str:
    """Return JSON with the names of a head, or with most: in order or not, nested or not."""
    pairs = [(name, draw(TEXTS)) for name in tables.HEAD[:-1]]
    pairs.append(("seq", draw(NUMBERS)))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, 6))
        name = pairs[at][0]
        kind = draw(st.sampled_from(["other", "gone", "late", "within"]))
        if kind == "other":
            pairs[at] = (name, draw(NO_NUMBERS if name == "seq" else OTHER))
        elif kind == "late":
            pairs.append(pairs.pop(at))
        else:
            pair = pairs.pop(at)
            if kind == "within":
                pairs.insert(at, ("in" + name, f'{{"a":"","{pair[0]}":{pair[1]}}}'))
            pairs.insert(at, ("o" + name, '""'))
    for name, value in draw(st.lists(MORE, max_size=2, unique_by=lambda pair: pair[0])):
        pairs.insert(draw(st.integers(0, len(pairs))), (name, value))
    unique = dict(pairs)
    return "{" + ",".join(f'"{name}":{value}' for name, value in unique.items()) + "}\n"


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(heads(), min_size=100, max_size=100))
@example(['{"ts":"","level":"","category":"","session":"","message":"","proc":"","seq":null}\n'])
@example(
    [
        '{"ts":"","x":{"y":"","level":"","category":"","session":"","message":"","proc":"","seq":1}}\n'
    ]
)
@example(['{"ts":"","level":"","category":"","session":"","message":"","proc":"","x\\"seq":5}\n'])
@example(
    ['{"ts":"","level":"","category":"","session":"","message":"","x":",\\"proc\\":\\"","seq":5}\n']
)
def test_counting_counts_the_rows(lines: list[str]) -> None:
    """Whatever the fields are, wherever they stand: a row is counted, and no other line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log.jsonl")
        path.write_bytes(line() + "".join(lines).encode())
        with Database([Input("log", path)]) as opened:
            rows = list(opened.ask("select message from events").rows)
            assert [(len(rows),)] == list(opened.ask(ALL).rows)


@pytest.mark.parametrize(
    "question",
    ["SELECT COUNT(*) AS n FROM events e;", "select count(*)\nfrom events -- all", f"({ALL})"],
)
def test_counting_is_asked_however_it_is_written(question: str) -> None:
    """Names, capitals and remarks change nothing."""
    with Database([Input("log", SESSION)]) as opened:
        assert counting.is_asked(opened._connection, question)
        assert [(70,)] == list(opened.ask(question).rows)


@pytest.mark.parametrize(
    "question",
    [
        "from events",
        "select count(*), min(ts) from events",
        "select count(ts) from events",
        "select count(*) from events where level = 'error'",
        "select count(*) from errors",
        "select count(*) from events group by level",
        "select count(*) from events, events",
        "with events as (select 1) select count(*) from events",
        "pivot events on level using count(*)",
    ],
)
def test_counting_is_not_asked_by_what_needs_a_field(question: str) -> None:
    """A question that has more in it reads the fields, and a count before it changes nothing."""
    with Database([Input("log", SESSION)]) as opened:
        assert not counting.is_asked(opened._connection, question)
        expected = sorted(map(str, opened.ask(question).rows))
        list(opened.ask(ALL).rows)
        assert expected == sorted(map(str, opened.ask(question).rows))
