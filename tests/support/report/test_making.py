"""What a report tells: counts, sessions, errors with what led to them, and what is missing."""

from __future__ import annotations

import datetime

from datatools_audit.record import strict
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.redaction.rule import Redaction
from datatools_audit.support.completeness import Verdict
from datatools_audit.support.report.chart import LEAST_BARS, WIDTH
from datatools_audit.support.report.histogram import MOST_PARTS, Histogram
from datatools_audit.support.report.incidents import frames
from datatools_audit.support.report.origins import Origin
from datatools_audit.support.report.packing import packed
from datatools_audit.support.report.rendering import rendered
from datatools_audit.support.report.shown import sessions
from datatools_audit.support.report.surroundings import MOST_ROWS, rows
from datatools_audit.support.report.zone import zone
from tests.reading.recorded import TRACEBACK, Recording
from tests.support.report.days import CODE, Office
from tests.support.report.pages import Page, gathered, reported, reported_lines


def test_report_counts_what_there_is() -> None:
    """Events by level and category, warnings, the first and the last moment."""
    record = Recording()
    log = [record("nav", "Opened home", title="Home"), record.click("Go"), record.error()]
    found = reported([*log, record("log", "odd", level="warning")])
    assert (4, 1) == (found.events, found.warnings)
    assert (("info", 2), ("warning", 1), ("error", 1)) == found.levels
    assert (("error", 1), ("log", 1), ("nav", 1), ("widget", 1)) == found.categories
    assert 3_000 == (found.last_ms or 0) - (found.first_ms or 0)


def test_report_sessions_have_numbered_steps_the_newest_session_first() -> None:
    """Each session's steps begin with 1; the session that began last stands first."""
    record = Recording()
    log = [record.click(f"Do {n}", session=f"0000000{n % 2}") for n in range(6)]
    one, other = reported(log).sessions
    assert ("00000001", "00000000") == (one.session, other.session)
    assert [(1, "pressed Do 1"), (2, "pressed Do 3"), (3, "pressed Do 5")] == [
        (step.number, step.text) for step in one.steps
    ]


def test_report_errors_are_of_one_type_and_place() -> None:
    """Lines' numbers make no other place, and the app's frames do; the newest codes come first."""
    record = Recording()
    moved = TRACEBACK.replace("line 41", "line 42")
    elsewhere = TRACEBACK.replace("pages/analyze.py", "pages/clean.py")
    log = [
        record.error("one", support_code="E-00000A"),
        record.click("Again"),
        record.error("two", support_code="E-00000B", traceback=moved, session="b1b2c3d4"),
        record.error("one", traceback=elsewhere),
    ]
    often, once = reported(log).errors
    assert (2, {"a1b2c3d4", "b1b2c3d4"}) == (often.count, often.sessions)
    assert ["E-00000B", "E-00000A"] == often.codes
    assert "ValueError" == often.title
    assert ("pages/analyze.py, analyze", "pages/analyze.py, _run") == often.frames
    assert (1, 2_000) == (once.count, (often.last_ms or 0) - (often.first_ms or 0))


def test_report_error_has_the_steps_before_it() -> None:
    """At most 20, of its own session, the nearest last."""
    record = Recording()
    log = [record.click(f"Do {n}") for n in range(30)]
    log.insert(29, record.click("somebody else", session="b1b2c3d4"))
    (error,) = reported([*log, record.error()]).errors
    assert [f"pressed Do {n}" for n in range(10, 30)] == [step.text for step in error.before]


def test_report_error_without_an_exception_is_told_by_its_words() -> None:
    """An event of the level error is an error, too."""
    record = Recording()
    (error,) = reported([record("order", "Nothing left", level="error")]).errors
    assert "Nothing left" in error.title + error.words
    assert ((), 1) == (error.frames, error.count)


def test_report_of_a_person_is_told_with_what_led_to_it() -> None:
    """What somebody has reported stands apart from errors."""
    found = reported(Office().records())
    (one,) = found.reports
    assert "then the red box came" in one.title
    assert 20 == len(one.before)
    assert CODE in {code for error in found.errors for code in error.codes}


def test_report_times_are_in_the_servers_zone() -> None:
    """The newest banner tells the zone, and the report whose it is; else it is UTC and says so."""
    record = Recording()
    log = [record("session", "Session started", app="Shop", timezone="UTC+05:30 (IST)")]
    where = reported(log).zone
    assert ("UTC+05:30", 19_800) == (where.name, where.offset_seconds)
    assert "All times are the server's, UTC+05:30 (IST)." == where.told
    assert "2026-05-20 01:00:00" == where.moment(1_779_219_000_000)
    assert "UTC" == reported([record.click("Go")]).zone.name
    assert "All times are in UTC" in reported([]).zone.told


def test_report_span_says_the_day_once() -> None:
    """From when to when, as short as can be."""
    where = zone(datetime.UTC)
    assert "1970-01-01 00:00:00" == where.span(0, 10)
    assert "1970-01-01 00:00:00 to 00:00:05" == where.span(0, 5_000)
    assert "1970-01-01 00:00:00 to 1970-01-02 00:00:00" == where.span(0, 86_400_000)
    assert "" == where.span(None, None)
    assert "" == where.moment(1e300)


def test_report_keeps_the_newest_and_counts_all() -> None:
    """Beyond the limit the oldest records have no steps, and their session says how many."""
    record = Recording()
    log = [strict.dumps(record.click(f"Do {n}")) + b"\n" for n in range(50)]
    found = gathered(log, most_records=20)
    assert (50, 20) == (found.counts.events, len(found.kept))
    (one,) = sessions(found)
    assert (30, 20) == (one.earlier, one.events)
    assert "pressed Do 30" == one.steps[0].text
    small = gathered(log, most_bytes=1_000)
    assert sum(len(raw) for _, raw in small.kept) <= 1_000
    assert 50 == len(small.kept) + small.earlier["a1b2c3d4"]


def test_report_keeps_what_a_banner_said_though_it_is_too_old() -> None:
    """App and zone are known from all banners, not from the kept lines alone."""
    record = Recording()
    banner = {"app": "Shop", "version": "2.1", "timezone": "UTC+01:00 (CET)"}
    log = [record("session", "Session started", **banner), *map(record.click, "abc")]
    found = gathered((strict.dumps(each) + b"\n" for each in log), most_records=2)
    assert "UTC+01:00 (CET)" == found.zone_told
    assert "Shop 2.1" == sessions(found)[0].app


def test_report_of_one_session_tells_of_no_other() -> None:
    """What the others did is neither counted nor kept."""
    record = Recording()
    log = [record.click(f"Do {n}", session=f"0000000{n % 2}") for n in range(6)]
    found = gathered((strict.dumps(each) + b"\n" for each in log), session="00000001")
    assert 3 == found.counts.events
    assert ["00000001"] == [each.session for each in sessions(found)]


def test_report_says_what_is_missing() -> None:
    """Gaps, torn and foreign lines, what was dropped and what was recovered."""
    lines = [strict.dumps(each) + b"\n" for each in Office().records()]
    lines[5:7] = [b'{"ts":"2026-05-19T\n', b"<script>alert(1)</script>\n"]
    found = reported_lines(lines).gaps
    assert Verdict.INCOMPLETE is found.verdict
    said = " ".join(found.findings)
    assert "1 line is torn" in said
    assert "2 records are missing (6 to 7)" in said
    assert "3 records were dropped" in said
    assert ["torn", "foreign"] == [each.kind for each in found.problems]
    assert f"byte {sum(map(len, lines[:5])):,} of log.jsonl" == found.problems[0].where
    assert ["dropped", "Recovered"] == [
        word for note in found.notes for word in ("dropped", "Recovered") if word in note.text
    ]


def test_report_of_a_complete_log_says_so() -> None:
    """Nothing is missing where each number is there."""
    record = Recording()
    log = [record.click("a"), record.click("b", session="b1b2c3d4")]
    found = reported(log).gaps
    assert (Verdict.COMPLETE, ()) == (found.verdict, found.findings)


def test_report_says_what_the_app_ran_on() -> None:
    """Each combination once, with how many processes; browsers with how many sessions."""
    found = reported(Office().records())
    (server,) = found.servers
    assert ("2", "Table desk", "2.1.0", "1.54.0", "3.12.4") == server[:5]
    assert 14 == sum(count for _, count in found.browsers)
    assert "What happened in Table desk 2.1.0" == found.title


def test_report_environment_is_rows() -> None:
    """Nested names are joined, and there is a limit."""
    assert [("a.b", "1"), ("a.c", "[2]"), ("d", "x y"), ("e", "{}")] == rows(
        {"a": {"b": 1, "c": [2]}, "d": "x\ny", "e": {}}
    )
    assert MOST_ROWS + 1 == len(rows({str(n): n for n in range(2 * MOST_ROWS)}))


def test_report_is_redacted_where_that_is_asked_for() -> None:
    """Steps, tracebacks, notes, the environment, bad lines, names and the title pass the rules."""
    record = Recording()
    secret = "ann@example.org"
    traceback = TRACEBACK + f" {secret}"
    log = [
        record.click(secret),
        record.error(secret, traceback=traceback),
        record(secret, secret),
        record("session", "Session started", app=secret, timezone=secret),
    ]
    lines = [strict.dumps(each) + b"\n" for each in log] + [b"no record of ann@example.org\n"]
    origin = Origin(f"{secret}.jsonl", note=secret, environment={secret: {"x": secret}})
    found = reported_lines(
        lines, origin=origin, title=f"of {secret}", redactor=Redactor(Redaction())
    )
    assert secret not in repr(found)
    assert secret not in packed(found)
    assert (found.redacted or {})["email"] >= 8
    assert "pressed <email-1>" in [step.text for step in found.sessions[0].steps]


def test_frames_are_those_of_the_app() -> None:
    """File and function of each, without the line; of a group of exceptions, too."""
    assert ("a.py, f", "b.py, <module>") == frames(
        'Traceback (most recent call last):\n  File "a.py", line 1, in f\n  [2 library frames]\n'
        '  File "b.py", line 22, in <module>\nValueError: x'
    )
    assert ("a.py, f",) == frames('  |   File "a.py", line 1, in f')
    assert () == frames("")


def test_histogram_has_parts_that_fill_the_time() -> None:
    """Never more than were asked for; an hour begins where the zone has it begin."""
    histogram = Histogram()
    for n in range(0, 7_200, 10):
        histogram.add(1_779_192_000 + n, n % 5)
    width, parts = histogram.parts(100, 0)
    assert (300, 24) == (width, len(parts))
    assert 720 == sum(sum(levels) for _, levels in parts)
    half = histogram.parts(4, 1_800)[1]
    assert {1_800} == {moment % 3_600 for moment, _ in half}


def test_histogram_memory_is_bounded() -> None:
    """Of whatever times there are, it gets coarser and loses none."""
    histogram = Histogram()
    for n in range(3 * MOST_PARTS):
        histogram.add(n * 7, 1)
    histogram.add(-6e10, 4)
    histogram.add(2.5e11, 4)
    assert len(histogram._parts) <= MOST_PARTS
    width, parts = histogram.parts(120, 0)
    assert 3 * MOST_PARTS + 2 == sum(sum(levels) for _, levels in parts)
    assert (parts[-1][0] - parts[0][0]) // width < 120


def test_histogram_days_are_those_of_the_zone() -> None:
    """What happens before midnight there is of the day before."""
    histogram = Histogram()
    midnight = 1_779_148_800
    for seconds in (-1, 0, 86_399, 86_400):
        histogram.add(midnight - 7_200 + seconds, 1)
    assert [1, 2, 1] == [sum(levels) for _, levels in histogram.days(7_200)]


def test_report_of_a_person_is_whole_and_names_its_error() -> None:
    """All of the words with their line breaks, and which error it is about, in words."""
    record, said = Recording(), "First this.\n" + "Then that. " * 30
    error = record.error(support_code="E-00000A")
    told = record("report", "Reported a problem", text=said, error_code="E-00000A")
    unknown = record("report", "Reported a problem", text="Short", error_code="E-00000B")
    short, long = reported([error, told, unknown]).reports
    assert ("“Short”", "", "E-00000B", "") == (
        short.title,
        short.words,
        short.about,
        short.about_words,
    )
    assert said.strip() == long.words
    assert long.title.startswith("“First this. Then that.")
    assert long.about_words.startswith("ValueError: ")
    assert 82 == len(long.title)
    page = rendered(reported([error, told, unknown]))
    assert ('href="#E-00000A"' in page, 'href="#E-00000B"' in page) == (True, False)


def test_report_tells_hangs_by_where_they_stood() -> None:
    """Hangs at one place are one, whatever was open; they are no errors."""
    record, stack = Recording(), '  File "pages/analyze.py", line 140, in export\n'
    log = [
        record(
            "hang", "a run has been open for 30 s", level="warning", open_ms=30_000, stack=stack
        ),
        record(
            "hang", "export has been open for 30 s", level="warning", open_ms=30_000, stack=stack
        ),
        record("hang", "a run has been open for 30 s", level="warning", open_ms=30_000),
    ]
    found = reported(log)
    assert [("Hung in pages/analyze.py, export", 2), ("Hung", 1)] == [
        (each.title, each.count) for each in found.hangs
    ]
    assert () == found.errors


def test_report_counts_an_error_that_has_an_action_id_of_its_own() -> None:
    """Only the start and the end of an action are no errors, whatever an app calls its fields."""
    record = Recording()
    (one,) = reported([record("order", "No stock", level="error", action_id="A-17")]).errors
    assert "order: No stock" == one.title


def test_report_says_in_one_sentence_what_the_app_ran_on() -> None:
    """Versions, platform and browsers in one sentence; of several kinds three of each."""
    record = Recording()
    told = {"app": "Shop", "python": "3.12.4", "platform": "Linux", "browser": "Firefox"}
    log = [
        record("session", "Session started", streamlit=f"1.{n}", proc=f"0000000{n}", **told)
        for n in range(4)
    ]
    said = reported(log).ran_on
    assert "Ran on Streamlit 1.0 / 1.1 / 1.2 and 1 more, Python 3.12.4, Linux, in Firefox." == said
    assert "" == reported([record.click("Go")]).ran_on


def test_report_of_one_event_has_a_narrow_bar() -> None:
    """The timeline has room for 20 bars at least."""
    found = reported([Recording().click("Go")]).chart
    (bar,) = found.bars
    assert bar.width < WIDTH / LEAST_BARS
    assert ("1 s", 1) == (found.each, found.most)


def test_report_note_of_the_sender_keeps_its_lines() -> None:
    """As the person has written it."""
    origin = Origin("bundle.zip", is_bundle=True, note="One.\nTwo.\x1b[31m\n")
    (source,) = reported_lines([], origin).sources
    assert "One.\nTwo. [31m" == source.note


def test_report_a_banner_without_an_app_says_what_it_ran_on() -> None:
    """Outside of Streamlit a session's first record has no app's name."""
    told = {"python": "3.12.4", "platform": "Linux", "timezone": "UTC+02:00 (CEST)"}
    found = reported([Recording()("session", "Session started", **told)])
    assert ("Ran on Python 3.12.4, Linux.", "UTC+02:00") == (found.ran_on, found.zone.name)


def test_report_tells_how_many_processes_died() -> None:
    """They are counted apart from what was dropped."""
    record = Recording()
    log = [
        record("audit", "Recovered", recovered=3, missing=0, died_proc="00000001"),
        record("audit", "Dropped", dropped=1, first_seq=1, last_seq=1),
    ]
    found = reported(log)
    assert (1, 2) == (found.gaps.deaths, len(found.gaps.notes))
    assert "1 process ended without notice" in Page(rendered(found)).text
