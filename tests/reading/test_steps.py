"""Records become numbered steps: what belongs together is one of them."""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from datatools_audit import read_events
from datatools_audit.reading.reader import parse_line
from datatools_audit.reading.steps import before, clock, steps
from tests.reading.recorded import TRACEBACK, Recording, lines, told

SESSION = Path(__file__).parents[1] / "data" / "session.jsonl"

EXPECTED = """\
14:02:03 the session started: Shop 2.1, Streamlit 1.67.0, Python 3.11.7, Firefox
14:02:03 opened Orders
14:02:11 pressed Make a report
14:02:11 opened Report
14:02:15 uploaded prices.csv, 24.8 kB
14:02:21 moved Threshold ×3
14:02:32 changed Region: text of 5 characters
14:02:35 pressed Build report ×2
14:02:35 report built: Report is being built ×2 (region_length: 5)
14:02:35 build ×2: failed after 4.1 s in all
14:02:35   read ×2: took 0.8 s in all, ok (table: “orders”, rows: 1200)
14:02:36   check ×2: failed after 3.4 s in all
14:02:36     logged a warning: 3 rows have no price ×2, by shop
14:02:37     ValueError: the threshold is above every price ×2 in shop.py line 16
14:03:05 moved Threshold
14:03:07 pressed Build report
14:03:07 report built: Report is being built (region_length: 5)
14:03:07 build: took 2.3 s, ok
14:03:07   read: took 0.4 s, ok (table: “orders”, rows: 1200)
14:03:08   check: took 1.9 s, ok
14:03:08     logged a warning: 3 rows have no price, by shop
14:04:25 saved result.csv, 3 B
14:06:30 the browser window was closed or reloaded, or stayed offline
14:08:30 the session ended
"""  # noqa: RUF001 -- the sign of times


def test_steps_of_a_recorded_session() -> None:
    """What a person did, in the order in which it happened, whatever order the records are in."""
    records = list(read_events(SESSION))
    random.Random(1).shuffle(records)
    found = steps(records)
    shown = [
        f"{clock(step.ts, datetime.UTC)} {line}\n"
        for step, line in zip(found, lines(found), strict=True)
    ]
    assert EXPECTED.splitlines(keepends=True) == shown
    assert list(range(1, len(found) + 1)) == [step.number for step in found]
    assert ["E-RNH4BM"] == [step.code for step in found if step.code]
    assert ["E-H8ME3S", "E-RNH4BM"] == [code for step in found for code in step.codes]
    assert all(step.traceback.startswith("Traceback") for step in found if step.code)
    assert [8.202, 75.302, 125.401, 120.0] == [
        step.gap_seconds for step in found if step.number in (3, 22, 23, 24)
    ]
    told_of = {record["seq"] for step in found for record in step.records}
    runs = {record["seq"] for record in records if record["category"] == "run"}
    assert {record["seq"] for record in records} - runs == told_of


def test_steps_fold_what_is_repeated() -> None:
    """Equal steps in a row are one, with the first one's time and all records."""
    record = Recording()
    clicks = [record.click("Analyze") for _ in range(4)]
    (step,) = steps(clicks)
    assert "pressed Analyze ×4" == step.text  # noqa: RUF001
    assert (4, clicks[0]["ts"], tuple(clicks)) == (step.times, step.ts, step.records)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, 1),
        ({"after_seconds": 61}, 2),
        ({"key": "other"}, 2),
        ({"session": "other"}, 2),
    ],
)
def test_steps_fold_only_what_is_the_same(more: dict[str, Any], expected: int) -> None:
    """Not of another session, nor at another widget, nor after more than a minute."""
    record = Recording()
    assert expected == len(steps([record.change("A", 1, 2), record.change("A", 2, 3, **more)]))


def test_steps_fold_a_dragged_slider() -> None:
    """The first value and the last one stay."""
    record = Recording()
    drag = [record.change("Threshold", value, value + 5) for value in range(5, 90, 5)]
    assert ["moved Threshold ×17: from 5 to 90"] == told(*drag)  # noqa: RUF001
    text = {"type": "str", "length": 1}, {"type": "str", "length": 9}
    named = {"kind": "text_input"}
    typed = record.change("Name", None, text[0], **named), record.change("Name", *text, **named)
    assert ["changed Name ×2: text of 9 characters"] == told(*typed)  # noqa: RUF001


def test_steps_fold_a_switch() -> None:
    """How it stands in the end is told."""
    record = Recording()
    named = {"kind": "toggle"}
    once = record.change("All", old=False, new=True, **named)
    assert ["switched All on"] == told(once)
    again = record.change("All", old=True, new=False, **named)
    assert ["switched All ×2: now off"] == told(once, again)  # noqa: RUF001


def test_steps_fold_equal_actions() -> None:
    """Their durations are summed; those with other extras stay apart."""
    record = Recording()
    records = []
    for number in range(3):
        ended = {"outcome": "ok", "duration_ms": 1000.0, "rows": 5}
        records += [
            record.start("read", action_id=str(number)),
            record.end("read", action_id=str(number), **ended),
        ]
    (step,) = steps(records)
    assert "read ×3: took 3.0 s in all, ok (rows: 5)" == step.text  # noqa: RUF001
    assert 3000.0 == step.duration_ms
    assert records == list(step.records)
    records[-1]["rows"] = 6
    assert [2, 1] == [step.times for step in steps(records)]


def test_steps_fold_equal_errors_and_keep_their_codes() -> None:
    """Whatever code somebody reads out, its step is found; the last one is shown."""
    record = Recording()
    codes = [f"E-AAAAA{number}" for number in range(3)]
    (step,) = steps([record.error(support_code=code) for code in codes])
    assert (3, codes[-1], tuple(codes)) == (step.times, step.code, step.codes)
    assert TRACEBACK == step.traceback


def test_steps_have_an_action_once() -> None:
    """Start and end are one step, where it began, with the extras of the end."""
    record = Recording()
    records = [
        record.start("analyze", rows=3),
        record.end("analyze", rows=3, missing=0),
        record.click("Next", after_seconds=5),
    ]
    analyze, click = steps(records)
    assert "analyze: took 2.1 s, ok (rows: 3, missing: 0)" == analyze.text
    assert ("", "analyze", 2100.4) == (analyze.verb, analyze.subject, analyze.duration_ms)
    assert 5.0 == click.gap_seconds


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("ok", "analyze: took 2.1 s, ok"),
        ("error", "analyze: failed after 2.1 s: ValueError: no"),
        ("interrupted", "analyze: was interrupted after 2.1 s"),
        ("other", "analyze: took 2.1 s, ended"),
    ],
)
def test_steps_tell_how_an_action_ended(outcome: str, expected: str) -> None:
    """Also where its start is not at hand."""
    record = Recording()
    start, end = record.start("analyze"), record.end("analyze", outcome)
    assert [expected] == told(start, end)
    assert [expected] == told(end)


def test_steps_tell_that_an_action_did_not_end() -> None:
    """It may yet, where its process runs; what a person does next is not inside of it."""
    record = Recording()
    records = [record.start("analyze", rows=3), record("note", "inside"), record.click("Next")]
    inside = "  note: inside"
    did_not = "analyze: did not end (rows: 3)"
    assert [did_not, inside, "pressed Next"] == told(*records)
    assert "warning" == steps(records)[0].level
    has_not = "analyze: has not ended yet (rows: 3)"
    assert [has_not, inside, "pressed Next"] == told(*records, alive=[record.proc])


def test_steps_are_inside_of_the_open_actions() -> None:
    """By the parent's id, and of one session by time; two without a parent are side by side."""
    record = Recording()
    records = [
        record.start("outer"),
        record.start("inner", "id outer"),
        record("note", "in both"),
        record("note", "elsewhere", session="other"),
        record.end("inner"),
        record("note", "in one"),
        record.start("beside"),
        record.end("beside"),
        record.end("outer"),
        record("note", "in none"),
    ]
    assert [
        "outer: took 2.1 s, ok",
        "  inner: took 2.1 s, ok",
        "    note: in both",
        "note: elsewhere",
        "  note: in one",
        "beside: took 2.1 s, ok",
        "note: in none",
    ] == told(*records)


def test_steps_tell_an_error_of_an_action_once() -> None:
    """The error has a step of its own, inside; without one the innermost action says it."""
    record = Recording()
    failing = [
        record.start("outer"),
        record.start("inner", "id outer"),
        record.end("inner", "error"),
        record.end("outer", "error"),
    ]
    outer = "outer: failed after 2.1 s"
    assert [outer, "  inner: failed after 2.1 s: ValueError: no"] == told(*failing)
    error = "    ValueError: no in pages/analyze.py line 41"
    told_once = [outer, "  inner: failed after 2.1 s", error]
    assert told_once == told(*failing, record.error())
    assert ["ValueError: other in pages/analyze.py line 41"] == told(
        *failing, record.error("other")
    )[2:]


def test_steps_tell_an_error_recorded_within_an_action_once() -> None:
    """Where the app has recorded what it then raises the action says only that it failed."""
    record = Recording()
    records = [record.start("read"), record.error(), record.end("read", "error")]
    error = "  ValueError: no in pages/analyze.py line 41"
    assert ["read: failed after 2.1 s", error] == told(*records)


def test_steps_tell_a_logged_error_once() -> None:
    """A library that logs the error just recorded says nothing new."""
    record = Recording()
    error = record.error()
    raised = {name: error[name] for name in ("exc_type", "exc_message", "traceback")}
    logged = record("log", "Uncaught app execution", level="error", logger="st", **raised)
    (step,) = steps([error, logged])
    assert (error, logged) == step.records


def test_steps_have_no_run_that_went_well() -> None:
    """Nor one whose end another step explains."""
    record = Recording()
    records = [
        record.run_start("1"),
        record.run_end("1"),
        record.run_start("2"),
        record.error(),
        record.run_end("2", "error"),
        record.run_start("3"),
        record.click("Next"),
        record.run_end("3", "interrupted"),
        record.run_start("4"),
        record("session", "Session ended"),
        record.run_end("4", "interrupted"),
    ]
    error = "ValueError: no in pages/analyze.py line 41"
    assert [error, "pressed Next", "the session ended"] == told(*records)


def test_steps_tell_of_a_run_that_went_wrong() -> None:
    """An error that nothing else tells, an interruption with nothing behind it, a run that hung."""
    record = Recording()
    failed = [record.error(), record.run_start("1"), record.run_end("1", "error")]
    assert "the run failed after 45 s" == told(*failed)[-1]
    cut_off = [record.run_start("2"), record.run_end("2", "interrupted")]
    assert ["the run was interrupted after 45 s"] == told(*cut_off)
    hung = [record.run_start("3"), record.run_end("3", level="info")]
    (step,) = steps(hung)
    assert ("the run ended after 45 s", 45_000.0, "warning") == (
        step.text,
        step.duration_ms,
        step.level,
    )


def test_steps_tell_that_a_run_did_not_end() -> None:
    """Only where its process is known to have died, and no open action says so."""
    record, next_record = Recording("1"), Recording("2", 60)
    run = [record.run_start("1"), record.click("Next")]
    death = next_record("audit", "recovered 2 events …", died_proc="1", died_at=None, recovered=2)
    assert ["pressed Next"] == told(*run)
    restarted = "the app was restarted: it had ended without notice, 2 records recovered"
    assert ["the run did not end", "pressed Next", restarted] == told(*run, death)
    assert ["pressed Next", restarted] == told(*run, death, alive=["1"])
    action = record.start("analyze")
    assert ["pressed Next", "analyze: did not end", restarted] == told(*run, action, death)


def test_steps_tell_that_the_app_was_restarted() -> None:
    """By a later process of the same app, once, with what its predecessor had left."""
    first, second, beside = Recording("1"), Recording("2", 60), Recording("3", 0.5)
    begun = [each("session", "Session started", app="Shop") for each in (first, second)]
    other = beside("session", "Session started", app="Other", session="o")
    started = "the session started: Shop"
    assert [started, "the app was restarted", started] == told(*begun)
    assert [started, "the session started: Other"] == told(begun[0], other)
    death = second("audit", "…", died_proc="1", died_at=None, recovered=0, level="warning")
    end = "the app was restarted: it had ended without notice, 0 records recovered"
    assert [started, end, started] == told(*begun, death)


def test_steps_have_a_file_once() -> None:
    """Received, chosen in its widget and used is one step; that it was removed is another."""
    record = Recording()

    def file(said: str, phase: str, upload_id: str = "1") -> dict[str, object]:
        named = {"filename": "a.csv", "bytes": 1000}
        return record("upload", f"{said} a.csv", phase=phase, upload_id=upload_id, **named)

    def choice(new: object) -> dict[str, object]:
        return record.change("File", None, new, kind="file_uploader")

    a_file = {"type": "UploadedFile"}
    whole = [file("Uploaded", "received"), choice(a_file), file("Used", "used")]
    assert ["uploaded a.csv, 1.0 kB"] == told(*whole)
    assert 3 == len(steps(whole)[0].records)
    in_form = [whole[0], record.click("Send"), choice(a_file), file("Used", "used")]
    assert ["uploaded a.csv, 1.0 kB", "pressed Send"] == told(*in_form)
    gone = [choice(None), file("Removed", "removed")]
    assert ["removed a.csv"] == told(*gone)
    assert ["changed File: empty"] == told(choice(None))


def test_steps_leave_out_what_is_there_twice() -> None:
    """A line that was recovered may stand in the log twice; process and number tell."""
    record = Recording()
    click = record.click("Next")
    assert ["pressed Next"] == told(click, dict(click))


def test_steps_keep_a_bad_line_in_its_place() -> None:
    """What is no record has no time: it stays behind what it stood behind."""
    record = Recording()
    bad = parse_line(b'{"ts":"2026\n', Path("x.jsonl"), 0)
    clicks = [record.click("One"), record.click("Two")]
    torn = "a line of the log cannot be read: a part of a record"
    assert ["pressed One", torn, "pressed Two"] == told(clicks[0], bad, clicks[1])


def test_steps_before_are_those_just_before() -> None:
    """At most so many, in their order."""
    record = Recording()
    found = steps([record.click(str(number)) for number in range(9)])
    assert ["pressed 4", "pressed 5"] == [step.text for step in before(found, 7, 2)]
    assert [1, 2] == [step.number for step in before(found, 3)]
    assert [] == before(found, 1)
    assert [] == before(found, 5, 0)


@pytest.mark.parametrize(
    ("ts", "expected"),
    [
        ("2026-05-19T14:02:11.999+00:00", "16:02:11"),
        ("", ""),
        ("no\ntime", "no time"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_steps_clock_is_local(ts: str, expected: str) -> None:
    """The time in a zone; of what is no time the text."""
    assert expected == clock(ts, datetime.timezone(datetime.timedelta(hours=2)))


NAMES = [
    *("ts", "level", "category", "session", "message", "proc", "seq"),
    *("page", "phase", "action_id", "parent_id", "run_id", "outcome", "duration_ms"),
    *("exc_type", "exc_message", "traceback", "stack", "support_code", "code", "kind"),
    *("label", "key", "old", "new", "filename", "bytes", "upload_id"),
    *("app", "died_proc", "dropped", "recovered", "died_at", "missing", "outage_seconds"),
    *("problem", "logger", "open_ms", "text", "just_now", "error_code", "sessions"),
    *("events", "scope", "title", "user", "away_ms", "type", "length"),
]
WORDS = [
    *("session", "nav", "widget", "upload", "download", "run", "hang", "error", "log", "audit"),
    *("report", "start", "end", "used", "received", "1", "2", "str", "dict", "file_uploader"),
    *("ok", "interrupted", "Session started", "Session ended", "Run started", "Run ended: error"),
    *("Changed x", "Clicked x", "Used x", "Uploaded x", "Removed x", "info", "error", "debug"),
    *("2026-05-19T14:02:11.000+00:00", "2026-05-19T14:02:11", "0001-01-01T00:00:00+14:00"),
    TRACEBACK,
]
scalars = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.just(10**4000)
    | some.floats()
    | some.text(max_size=20)
    | some.sampled_from(WORDS)
    | some.just("\x00\n\ud800" * 300)
    | some.binary(max_size=3)
)
anything = some.recursive(
    scalars,
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(some.sampled_from(NAMES) | scalars, inner, max_size=4)
    ),
    max_leaves=8,
)
records = some.dictionaries(some.sampled_from(NAMES), some.sampled_from(WORDS) | anything)
odd_records = some.dictionaries(some.sampled_from(NAMES) | scalars, anything)


@given(some.lists(records | odd_records, max_size=12), some.booleans())
def test_steps_of_anything_never_raise(given_records: list[dict[Any, Any]], alive: bool) -> None:  # noqa: FBT001
    """Whatever stands in a log there are steps, of one line each, and small ones."""
    found = steps(given_records, alive=["1", "2"] if alive else [])
    assert list(range(1, len(found) + 1)) == [step.number for step in found]
    for step in found:
        assert step.text.isprintable()
        assert len(step.text) < 2_000
        assert step.level in {"debug", "info", "warning", "error", "critical"}
        assert 0 <= step.depth <= 20
        assert step.gap_seconds >= 0
        assert isinstance(clock(step.ts), str)
        assert all(isinstance(code, str) for code in step.codes)
