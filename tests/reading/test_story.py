"""What belongs together is one step, and no record is in two."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.reading.steps import clock, steps
from tests.reading.recorded import TRACEBACK, Record, Recording, lines, told


def test_story_an_error_is_told_once() -> None:
    """The error that leaves actions and the page is one step, with traceback and code."""
    record = Recording()
    found = steps(
        [
            record.run_start("r"),
            record.start("outer"),
            record.start("inner", "id outer"),
            record.end("inner", "error"),
            record.end("outer", "error"),
            record.error(support_code="E-AAAAAA"),
            record.run_end("r", "error"),
        ]
    )
    assert [
        "outer: failed after 2.1 s",
        "  inner: failed after 2.1 s",
        "    ValueError: no in pages/analyze.py line 41",
    ] == lines(found)
    assert [("", ""), ("", ""), (TRACEBACK, "E-AAAAAA")] == [(s.traceback, s.code) for s in found]


def test_story_an_action_tells_an_error_that_nobody_else_does() -> None:
    """An error that the app catches outside the action is told by the innermost action."""
    record = Recording()
    shown = told(
        record.start("outer"),
        record.start("inner", "id outer"),
        record.end("inner", "error"),
        record.end("outer", "error"),
        record.start("again"),
        record.end("again", "error"),
    )
    assert [
        "outer: failed after 2.1 s",
        "  inner: failed after 2.1 s: ValueError: no",
        "again: failed after 2.1 s: ValueError: no",
    ] == shown


def test_story_ends_without_a_start_stay_apart() -> None:
    """Of actions whose start is not there each end is told."""
    record = Recording()
    shown = told(record.end("read", "error"), record.end("write", "error"))
    assert [
        "read: failed after 2.1 s: ValueError: no",
        "write: failed after 2.1 s: ValueError: no",
    ] == shown


def test_story_an_upload_is_one_step() -> None:
    """Received, the change of the uploader and used are one; removing it is another."""
    record = Recording()
    file = {"filename": "a.csv", "bytes": 10, "upload_id": "1"}
    change = {"old": None, "new": None, "kind": "file_uploader"}
    shown = told(
        record("upload", "Uploaded a.csv", phase="received", **file),
        record.change("File", **change),
        record("upload", "Used a.csv", phase="used", **file),
        record.change("File", **change),
        record("upload", "Removed a.csv", phase="removed", **file),
    )
    assert ["uploaded a.csv, 10 B", "removed a.csv"] == shown


def test_story_an_upload_hides_no_event_of_the_app() -> None:
    """An event of the app's with a field `kind` stays a step of its own."""
    record = Recording()
    shown = told(
        record("import", "Ready", kind="file_uploader"),
        record("upload", "Uploaded a", phase="received", filename="a", upload_id="1"),
    )
    assert ["import: Ready (kind: “file_uploader”)", "uploaded a"] == shown


@pytest.mark.parametrize(
    ("outcome", "level", "expected"),
    [
        ("ok", "debug", []),
        ("ok", "info", ["the run ended after 45 s"]),
        ("error", "debug", ["the run failed after 45 s"]),
        ("interrupted", "debug", ["the run was interrupted after 45 s"]),
    ],
)
def test_story_runs_are_silent_unless_something_is_wrong(
    outcome: str, level: str, expected: list[str]
) -> None:
    """A run that hung, failed without an error or was the last and interrupted is told."""
    record = Recording()
    found = steps([record.run_start("r"), record.run_end("r", outcome, level)])
    assert expected == lines(found)
    assert ["warning"] * len(expected) == [s.level for s in found]


BANNER = {"app": "Shop"}


def test_story_a_process_that_died_amid_an_action() -> None:
    """The action did not end, and the next start tells what was recovered; each once."""
    first, second = Recording(), Recording("0000ffff", 60)
    records = [
        first("session", "Session started", **BANNER),
        first.run_start("r"),
        first.start("analyze", rows=3),
        died := second("audit", "recovered …", died_proc=first.proc, died_at="x", recovered=2),
        second("session", "Session started", session="s2", **BANNER),
    ]
    found = steps(records)
    assert [
        "the session started: Shop",
        "analyze: did not end (rows: 3)",
        "the app was restarted: it had ended without notice, 2 records recovered",
        "the session started: Shop",
    ] == lines(found)
    assert (died,) == found[2].records
    assert ["info", "warning"] == [s.level for s in found[:2]]


def test_story_a_process_that_died_amid_a_run() -> None:
    """A run that has no end is told of a process that is known to be dead, and no other."""
    first, second = Recording(), Recording("0000ffff", 60)
    began = [first("session", "Session started", **BANNER), first.run_start("r")]
    died = second("audit", "recovered …", died_proc=first.proc, died_at=None)
    assert ["the session started: Shop"] == told(*began)
    assert "the run did not end" in told(*began, died)
    assert "the run did not end" not in told(*began, died, alive=[first.proc])


def test_story_a_restart_is_told_once() -> None:
    """Another process of the same app, after the last record of the one before, is a restart."""
    first, second = Recording(), Recording("0000ffff", 60)
    found = steps(
        [
            first("session", "Session started", **BANNER),
            second.end("late", action_id="other"),
            second("session", "Session started", session="s2", **BANNER),
        ]
    )
    assert [
        "the session started: Shop",
        "the app was restarted",
        "late: took 2.1 s, ok",
        "the session started: Shop",
    ] == lines(found)
    assert [1, 0, 1, 1] == [len(s.records) for s in found]
    assert 60.0 == found[1].gap_seconds


def test_story_processes_side_by_side_are_no_restart() -> None:
    """Two processes of one app whose records lie between each other's both run."""
    first, second = Recording(), Recording("0000ffff", 0.5)
    records = [
        first("session", "Session started", **BANNER),
        second("session", "Session started", session="s2", **BANNER),
        first.click("Go"),
    ]
    assert "the app was restarted" not in told(*records)


def test_story_a_report_has_its_code() -> None:
    """What a person reported stands among the steps with its own code."""
    record = Recording()
    said = {"text": "It froze", "just_now": True, "support_code": "E-BBBBBB"}
    (step,) = steps([record("report", "Reported a problem", **said)])
    assert "reported a problem: “It froze”, it happened just now" == step.text
    assert "E-BBBBBB" == step.code


def test_story_a_connection_that_did_not_come_back() -> None:
    """Lost, not resumed and then ended is a window that was closed, as far as one can tell."""
    record = Recording()
    lost, ended = "the connection was lost", "the session ended"
    records = [record("session", f"Session {word}") for word in ("disconnected", "resumed")]
    assert [lost, "the connection came back", ended] == told(
        *records, record("session", "Session ended")
    )
    closed = [record("session", f"Session {word}") for word in ("disconnected", "ended")]
    away = "the browser window was closed or reloaded, or stayed offline"
    assert [away, ended] == told(*closed)
    assert [lost] == told(closed[0])


def test_story_an_action_is_as_bad_as_its_error() -> None:
    """One whose error has a step of its own is an error; one that nobody else tells a warning."""
    record = Recording()
    level = {"level": "warning"}
    failed = [record.start("read"), record.end("read", "error", **level)]
    assert ["warning"] == [step.level for step in steps(failed)]
    assert ["error", "error"] == [step.level for step in steps([*failed, record.error()])]


def test_story_an_action_failed_at_once() -> None:
    """What took no time worth saying says so, and of what is not known nothing."""
    record = Recording()
    ends = [
        record.end("a", "error", duration_ms=0.4),
        record.end("b", "interrupted", duration_ms=0.4),
        record.end("c", "error", duration_ms=None),
    ]
    assert [
        "a: failed at once: ValueError: no",
        "b: was interrupted at once",
        "c: failed: ValueError: no",
    ] == told(*ends)


def test_story_tell_of_records_that_are_missing() -> None:
    """Dropped records and lines that cannot be read have their place."""
    record = Recording()
    shown = told(
        record.click("Go"),
        record("audit", "3 records were dropped", dropped=3, level="warning"),
        {"category": "audit", "problem": "torn", "level": "warning"},
        record.click("Stop"),
    )
    assert [
        "pressed Go",
        "records were dropped: 3 are missing",
        "a line of the log cannot be read: a part of a record",
        "pressed Stop",
    ] == shown


def test_story_a_traceback_shows_no_control() -> None:
    """Colours of a terminal and marks of direction are gone from a traceback; lines stay."""
    (step,) = steps([Recording().error(traceback="a\x1b[31m\n\tb\u202ec\n\ud800")])
    assert "a [31m\n b c\n " == step.traceback


@pytest.mark.parametrize(
    ("ts", "expected"),
    [
        ("2026-05-19T14:02:11.123+00:00", "16:02:11"),
        ("2026-05-19T14:02:11", "16:02:11"),
        ("9999-12-31T23:59:59+00:00", "9999-12-31T23:59:59+00:00"),
        ("noon\n", "noon"),
        ("", ""),
        ("x" * 100, "x" * 29 + "…"),
    ],
)
def test_clock_of_a_ts(ts: str, expected: str) -> None:
    """The time in that zone; of what is no time the text, cut."""
    assert expected == clock(ts, datetime.timezone(datetime.timedelta(hours=2)))


ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=20),  # lone surrogates, controls
    st.sampled_from(["\x1b[31m", "\u202e", "\x00", "x" * 100_000, TRACEBACK, "9" * 5_000]),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(), ANY_TEXT, st.binary()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "length", "columns", "text"]), inner)
    ),
    max_leaves=6,
)
USUAL = {
    "category": "session nav widget upload download report run hang error log audit read",
    "phase": "start end received used removed",
    "kind": "slider button file_uploader chat_input",
    "outcome": "ok error interrupted",
    "level": "debug info warning error critical",
    "action_id": "1 2 3",
    "parent_id": "1 2 3",
    "run_id": "1 2",
    "upload_id": "1 2",
    "proc": "p q",
    "session": "a b",
    "ts": "2026-05-19T14:02:11.123+00:00 2026-05-19T14:02:12+00:00 0001-01-01T00:00:00+23:59",
    "exc_type": "ValueError OSError",
    "app": "Shop",
    "died_proc": "p",
}
SAID = ["Session started", "Session ended", "Changed x", "Uploaded x", "Used x", "Run ended"]
OTHERS = "seq exc_message traceback stack support_code old new label key bytes filename open_ms"
OTHERS += " text just_now error_code duration_ms dropped outage_seconds died_at problem logger rows"
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(texts.split()) | VALUES for name, texts in USUAL.items()},
        "message": st.sampled_from(SAID) | VALUES,
        **dict.fromkeys(OTHERS.split(), VALUES),
    },
)


@given(st.lists(RECORDS, max_size=25))
def test_story_of_anything(records: list[Record]) -> None:
    """Nothing raises; numbers go from 1 on; a record is in at most one step; all is one line."""
    found = steps(records)
    assert list(range(1, len(found) + 1)) == [step.number for step in found]
    held = [id(record) for step in found for record in step.records]
    assert len(held) == len(set(held))
    assert set(held) <= {id(record) for record in records}
    for step in found:
        assert (step.ts + step.verb + step.subject + step.rest + step.code).isprintable()
        assert step.traceback.replace("\n", "").isprintable()
        clock(step.ts)


def test_story_of_values_that_are_nested_deep() -> None:
    """A line of somebody else's may be nested as deep as a parser allows."""
    value: object = 1
    for _ in range(900):
        value = [1, {"type": "dict", "columns": value}]
    assert ["moved Size: from 1 to 1 and nothing selected"] == told(
        Recording().change("Size", 1, value)
    )
