"""Rows and numbers of the page, from real files."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from datatools_audit import (
    audit_log_path,
    audit_stats,
    flush_audit_log,
    log_event,
    log_exception,
    reset_for_tests,
)
from datatools_audit.context import Session
from datatools_audit.reading.reader import parse_line
from datatools_audit.recorder import recorder
from streamlit_ext.diagnostics import model
from tests.helpers import written_records

if TYPE_CHECKING:
    from pathlib import Path


def log_as(session: Session, message: str, **extra: object) -> None:
    recorder.emit("info", "test", message, {}, extra, session)


def test_model_empty_log_is_an_empty_view(log_folder: Path) -> None:
    """Where there is no file yet the view is empty, and nothing is made."""
    view = model.read_today(None)
    assert (view.records, view.events, view.errors, view.size_bytes) == ((), 0, 0, 0)
    assert not log_folder.exists()


def test_model_shows_newest_first_and_counts() -> None:
    """Records come newest first; errors are counted by level."""
    log_event("test", "one")
    log_exception("two", ValueError("x"))
    view = model.read_today(None)
    assert ["two: ValueError: x", "one"] == [r["message"] for r in view.records]
    assert (view.events, view.errors) == (2, 1)


def test_model_session_scope_is_that_session() -> None:
    """A session's view has its own records only, whatever others write into theirs."""
    mine, other = Session(), Session()
    log_as(mine, "mine")
    log_as(other, "other", note=f'"session":"{mine.id}"', nested={"session": mine.id})
    view = model.read_today(mine.id)
    assert ["mine"] == [r["message"] for r in view.records]


def test_model_torn_last_line_is_a_row() -> None:
    """Half a line at the end is counted and shown, and takes nothing with it."""
    log_event("test", "whole")
    written_records()
    with audit_log_path().open("ab") as file:
        file.write(b'{"ts":"2026-05-19T21:2')
    view = model.read_today(None)
    assert (view.events, view.problems) == (1, 1)
    assert "torn" == view.records[0]["problem"]


def test_model_reads_while_being_written() -> None:
    """Reading at any moment gives whole records only."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            log_event("test", "busy", filler="x" * 2000)
            flush_audit_log(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        views = [model.read_today(None) for _ in range(20)]
    finally:
        stop.set()
        thread.join()
    assert [0] * 20 == [view.problems for view in views]
    assert views[0].events < views[-1].events


def test_model_leaves_other_apps_out() -> None:
    """Another app's process in the same folder is named, and shown when asked for."""
    recorder.app = ("shop", None)
    log_event("test", "ours")
    line = (
        b'{"ts":"2026-05-19T21:22:47.123+00:00","level":"info","category":"session",'
        b'"session":"a1b2c3d4","message":"Session started","proc":"0000aaaa",'
        b'"seq":1,"app":"bank"}\n'
    )
    written_records()
    with audit_log_path().open("ab") as file:
        file.write(line)
    ours, all_of_them = model.read_today(None), model.read_today(None, every_app=True)
    assert (ours.events, ours.other_apps) == (1, ("bank",))
    assert 2 == all_of_them.events


@pytest.mark.parametrize(
    ("levels", "categories", "search", "expected"),
    [
        ((), (), "", ["c", "b", "a"]),
        (("error",), (), "", ["b"]),
        ((), ("one", "two"), "", ["b", "a"]),
        ((), (), "ÜBER", ["c"]),
        (("info",), ("one",), "nowhere", []),
        (("debug",), (), "", ["d"]),
        ((), ("four",), "", ["d"]),
    ],
)
def test_model_filters(
    levels: tuple[str, ...], categories: tuple[str, ...], search: str, expected: list[str]
) -> None:
    """Level, category and text narrow the records; debug is there where it is asked for."""
    log_event("one", "a")
    log_event("two", "b", level="error")
    log_event("three", "c", note="über alles")
    log_event("four", "d", level="debug")
    found = model.matching(model.read_today(None).records, levels, categories, search)
    assert expected == [r["message"] for r in found]


def test_model_row_is_text_only() -> None:
    """Whatever a record holds, the table gets texts."""
    log_event("test", "x", number=1, nested={"a": [1]}, nothing=None)
    (record,) = model.read_today(None).records
    row = model.row(record, with_session=True)
    assert {str} == {type(value) for value in row.values()}
    assert row["Details"] == 'number: 1, nested: {"a": [1]}, nothing: null'


def test_model_hand_over_of_all_is_the_file() -> None:
    """The whole log's bytes are the file's, the record of the hand-over included."""
    log_event("test", "x")
    data = model.hand_over(None, Session())
    assert audit_log_path().read_bytes() == data
    assert b"Handed over today's log" in data.splitlines()[-1]


def test_model_hand_over_of_a_session_is_its_own_lines() -> None:
    """An extract holds the session's lines byte for byte and no other line."""
    mine, other = Session(), Session()
    log_as(mine, "mine é", odd=[1.50, {"b": 1, "a": 2}])
    log_as(other, "other")
    data = model.hand_over(mine, mine)
    lines = audit_log_path().read_bytes().splitlines(keepends=True)
    assert b"".join([lines[0], lines[2]]) == data
    assert f".extract-{mine.id}.jsonl" in model.extract_name(mine)


def test_model_hand_over_leaves_out_half_a_line() -> None:
    """A torn line belongs to nobody's extract."""
    mine = Session()
    log_as(mine, "mine")
    written_records()
    with audit_log_path().open("ab") as file:
        file.write(b'{"ts":"x","session":"' + mine.id.encode())
    data = model.hand_over(mine, mine)
    assert [
        parse_line(line, audit_log_path(), 0)["message"] for line in data.splitlines(keepends=True)
    ] == ["mine", "Handed over today's log"]


def test_model_hand_over_of_nothing_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where recording is off and no file exists the hand-over is empty, not an error."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    reset_for_tests()
    assert b"" == model.hand_over(None, Session())


def test_model_within_gives_up_on_a_hung_disk() -> None:
    """A folder that does not answer is told in one sentence instead of hanging the page."""
    gate = threading.Event()
    with pytest.raises(model.LogUnavailableError, match="has not answered"):
        model.within(0.01, gate.wait)
    gate.set()


def test_model_unreadable_log_is_told(log_folder: Path) -> None:
    """A log that is no plain file is told in one sentence."""
    log_folder.mkdir()
    audit_log_path().mkdir()
    audit_log_path().joinpath("x").touch()
    with pytest.raises(model.LogUnavailableError, match="no plain file"):
        model.read_today(None)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "healthy"),
        ({"enabled": False}, "off"),
        ({"failing_since": 1.0}, "degraded"),
        ({"dropped": 3}, "degraded"),
    ],
)
def test_model_health_in_one_word(changes: dict[str, object], state: str) -> None:
    """The recorder's state is one of three words with a sentence that says what to do."""
    health = model.health(replace(audit_stats(), **changes))  # type: ignore[arg-type]
    assert state == health.state
    assert health.sentence.endswith(".")


def test_model_local_time_of_what_is_none() -> None:
    """A `ts` that is no time is shown as it is."""
    assert "yesterday" == model.local_time("yesterday")
