"""What a test can say of captured events, and what it is told where that is not so."""

from __future__ import annotations

import datetime
import re
import threading
import unittest
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pandas as pd
import pytest

import datatools_audit as audit
from datatools_audit import AuditConfig, audit_action, log_event, log_exception
from datatools_audit.reading.reader import Record, parse_line
from datatools_audit.testing import CapturedEvents, capture_events
from streamlit_ext import instrument

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def events() -> Iterator[CapturedEvents]:
    """Give a capture with three events in it."""
    with capture_events() as captured:
        log_event("upload", "Uploaded b.csv", filename="b.csv", rows=3, ok=True, tags=("x", "y"))
        log_event("widget", "Changed Country", old=None, new="AT")
        log_event("widget", "Clicked Go", level="debug", path=Path("a/b"))
        yield captured


def said(failing: pytest.ExceptionInfo[AssertionError]) -> list[str]:
    return str(failing.value).splitlines()


@pytest.mark.parametrize(
    "fields",
    [
        {"filename": "b.csv"},
        {"filename": re.compile(r"\.csv$")},
        {"filename": {"a.csv", "b.csv"}},
        {"filename": ...},
        {"filename": lambda name: str(name).startswith("b")},
        {"rows": 3, "ok": True},
        {"tags": ("x", "y")},
        {"path": Path("a/b"), "category": "widget"},
        {"old": None},
        {"level": "info", "category": "upload"},
    ],
)
def test_one_finds_by_fields(events: CapturedEvents, fields: dict[str, object]) -> None:
    """By a value, by what a record makes of it, a pattern, several, any, or a callable."""
    assert fields.keys() <= events.one(**fields).keys()


@pytest.mark.parametrize(
    "fields",
    [
        {"ok": 1},
        {"rows": True},
        {"missing": None},
        {"missing": ...},
        {"missing": lambda _: True},
        {"rows": re.compile("3")},
        {"filename": "B.CSV"},
        {"category": "widget", "filename": "b.csv"},
    ],
)
def test_one_takes_nothing_else_for_it(events: CapturedEvents, fields: dict[str, object]) -> None:
    """True is no 1, a lacking field is nothing at all, and all fields have to be there."""
    assert [] == events.matching(**fields)
    events.none(**fields)
    with pytest.raises(AssertionError):
        events.one(**fields)


def test_a_moment_is_compared_as_a_record_has_it(events: CapturedEvents) -> None:
    """What JSON has no form for may be asked for as it was given."""
    when = datetime.datetime(2026, 5, 19, tzinfo=datetime.UTC)
    log_event("test", "dated", when=when)
    assert "dated" == events.one(when=when)["message"]


def test_one_says_what_was_recorded_instead(events: CapturedEvents) -> None:
    """None is there: the nearest, how it differs, and all that is."""
    with pytest.raises(AssertionError) as failing:
        events.one(category="upload", filename="a.csv")
    assert [
        "no events with category='upload', filename='a.csv', expected one",
        "nearest is 0, which has filename='b.csv'",
        "recorded were:",
        "    0 info     upload     Uploaded b.csv  filename='b.csv' rows=3 ok=True tags=['x', 'y']",
        "    1 info     widget     Changed Country  old=None new='AT'",
        "    2 debug    widget     Clicked Go  path='a/b'",
    ] == said(failing)


def test_one_says_which_several_there_are(events: CapturedEvents) -> None:
    """Two are there: both with their fields, and a mark in the list."""
    with pytest.raises(AssertionError) as failing:
        events.one(category="widget")
    assert [
        "2 events with category='widget', expected one",
        "  Changed Country",
        "    old: None",
        "    new: 'AT'",
        "  Clicked Go",
        "    path: 'a/b'",
        "recorded were:",
    ] == said(failing)[:7]
    assert [" ", ">", ">"] == [line[0] for line in said(failing)[7:]]


def test_none_shows_the_error_that_is_there(events: CapturedEvents) -> None:
    """With its traceback: that is what whoever reads the failure wants to know."""
    try:
        raise LookupError("broken")
    except LookupError as error:
        log_exception("Reading", error)
    with pytest.raises(AssertionError) as failing:
        events.none(category="error")
    text = "\n".join(said(failing))
    assert text.startswith(
        "1 event with category='error', expected none\n  Reading: LookupError: broken\n"
    )
    assert "in test_none_shows_the_error_that_is_there\n" in text
    assert ">   3 error    error      Reading: LookupError: broken" in text


def test_some_says_that_there_is_none(events: CapturedEvents) -> None:
    """As ``one`` does; a pattern, a set and a callable are shown as they were written."""
    assert 2 == len(events.some(category="widget"))

    def long(value: object) -> bool:
        return False

    with pytest.raises(AssertionError) as failing:
        events.some(message=re.compile("^Left"), level={"error"}, rows=..., name=long)
    assert said(failing)[0] == (
        "no events with message=re.compile('^Left'), level={'error'}, rows=..., name=long, "
        "expected at least one"
    )


def test_a_failure_says_that_nothing_was_recorded() -> None:
    """And why, where recording is off: then ``none`` proves nothing and fails too."""
    with capture_events() as events:
        events.none()
        with pytest.raises(AssertionError) as failing:
            events.one(category="upload")
        assert str(failing.value).startswith(
            "no events with category='upload', expected one; nothing was recorded"
        )
        audit.configure(AuditConfig(enabled=False))
        for ask in (events.one, events.none):
            with pytest.raises(AssertionError, match="nothing was recorded: recording is off"):
                ask(category="upload")


def test_a_failure_says_that_nobody_has_called_instrument() -> None:
    """As where a module does so on import: that is once in a process, and not in each test."""
    for calls, expected in ((True, "nothing was recorded"), (False, "instrument() was not called")):
        with capture_events() as events:
            if calls:
                instrument()
            with pytest.raises(AssertionError) as failing:
                events.one(category="widget")
        assert str(failing.value).endswith(expected)


@pytest.mark.parametrize("level", ["warn", "ERROR", {"error", "fatal"}])
def test_a_level_that_there_is_not_is_refused(events: CapturedEvents, level: object) -> None:
    """It would be a check that nothing can fail."""
    for ask in (events.one, events.none, events.some, events.matching):
        with pytest.raises(ValueError, match="a record's level is one of debug, info, warning"):
            ask(level=level)


def test_a_value_of_a_library_is_compared_as_recorded(events: CapturedEvents) -> None:
    """Be it an array, whose own comparison is an array, or something that says what it equals."""
    log_event("test", "data", values=np.arange(3), seconds=1.5)
    events.one(values=np.arange(3), seconds=pytest.approx(1.4, abs=0.2), message=mock.ANY)
    events.none(values=np.arange(4))
    with pytest.raises(AssertionError) as failing:
        events.one(values=pd.DataFrame({"a": [1, 2]}))
    shown = "{'type': 'DataFrame', 'shape': [2, 1]}"
    assert f"no events with values={shown}, expected one" == said(failing)[0]


def test_a_failure_ends_in_the_test_for_unittest() -> None:
    """Its traceback shows the line of the test and none of ours."""

    class OrdersTest(unittest.TestCase):
        def test_asks(self) -> None:
            with capture_events() as events:
                events.one(category="upload")

    result = unittest.TestResult()
    OrdersTest("test_asks").run(result)
    ((_, text),) = result.failures
    assert ["test_events.py"] == re.findall(r'File ".*?([^/]+)", line', text)


def test_a_failure_names_a_lacking_field_and_shows_no_control(events: CapturedEvents) -> None:
    """What was recorded may be hostile, and is shown on one line."""
    events.clear()
    log_event("test", "\x1b[2Jsaid\n", **{"a\nb": "\x1b[31m"})
    with pytest.raises(AssertionError) as failing:
        events.one(category="test", rows=3)
    assert "nearest is 0, which has no rows" == said(failing)[1]
    assert str(failing.value).replace("\n", "").isprintable()


def test_a_failure_lists_the_newest_of_many() -> None:
    """A test that records thousands is told the last forty."""
    with capture_events() as events:
        for number in range(1000):
            log_event("test", f"event {number}")
        with pytest.raises(AssertionError) as failing:
            events.one(category="upload")
    assert ("  [960 earlier]", 43) == (said(failing)[2], len(said(failing)))


def test_messages_of_a_category_and_of_all(events: CapturedEvents) -> None:
    """In their order; of a category, of fields, or every one."""
    assert ["Changed Country", "Clicked Go"] == events.messages("widget")
    assert ["Clicked Go"] == events.messages("widget", level="debug")
    assert 3 == len(events.messages())


def test_steps_in_plain_words(events: CapturedEvents) -> None:
    """What is still open is no crash; the rest is told as everywhere."""
    events.clear()
    with audit_action("analyze", rows=3):
        pass
    audit_action("export").__enter__()
    first, second = events.steps()
    assert first.startswith("analyze")
    assert "export" in second
    assert "crash" not in second


def test_clear_forgets_what_was(events: CapturedEvents) -> None:
    """The next questions are about what comes behind it, also the second time."""
    events.clear()
    assert [] == list(events)
    log_event("test", "1")
    assert ["1"] == events.messages()
    events.clear()
    log_event("test", "2")
    assert ["2"] == events.messages()


def test_events_may_be_asked_from_several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is there once, also where a second thread asks while the first one reads."""

    def parse(line: bytes, source: Path, number: int) -> Record:
        if second.ident is None:
            second.start()
            second.join(0.1)  # it has to wait; one that does not has read all by then
        return parse_line(line, source, number)

    monkeypatch.setattr("datatools_audit.testing.events.parse_line", parse)
    with capture_events() as events:
        second = threading.Thread(target=events.messages)
        for number in range(3):
            log_event("test", str(number))
        assert ["0", "1", "2"] == events.messages()
        second.join()
        assert ["0", "1", "2"] == events.messages()


def test_events_are_a_sequence_of_records(events: CapturedEvents) -> None:
    """Length, places, slices and membership, each record with its line."""
    assert (3, events[2], 2) == (len(events), events[-1], len(events[1:]))
    assert events[0] in events
    assert events[0].raw.endswith(b"\n")
    assert "<CapturedEvents: 3>" == repr(events)
    assert str(events).count("\n") == 2
