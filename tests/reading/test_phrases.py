"""Each kind of record says in plain words what happened."""

from __future__ import annotations

from typing import Any

import pytest

from datatools_audit.reading.catalogue import CATALOGUE, kind_of
from datatools_audit.reading.steps import steps
from tests.reading.recorded import TRACEBACK, Recording, told

BANNER = {"app": "Shop", "version": "2.1", "streamlit": "1.67.0", "python": "3.11.7"}
FILE = {"filename": "customers.csv", "bytes": 24_813, "type": "text/csv"}
RAISED = {"exc_type": "ValueError", "exc_message": "no", "traceback": TRACEBACK}
DUMP = (
    "Fatal Python error: Segmentation fault\n\n"
    "Current thread 0x1 (most recent call first):\n"
    '  File "pages/analyze.py", line 7 in deep\n'
    '  File "pages/analyze.py", line 3 in <module>'
)
SAID: list[tuple[str, str, dict[str, Any], str]] = [
    ("session", "Session started", {}, "the session started"),
    (
        "session",
        "Session started",
        {**BANNER, "browser": "Firefox"},
        "the session started: Shop 2.1, Streamlit 1.67.0, Python 3.11.7, Firefox",
    ),
    ("session", "Signed in as 3f2a", {"user": "3f2a"}, "signed in as 3f2a"),
    ("session", "Session disconnected", {}, "the connection was lost"),
    (
        "session",
        "Session resumed",
        {"away_ms": 125_000},
        "the connection came back after 2 min 5 s",
    ),
    ("session", "Session ended", {}, "the session ended"),
    ("nav", "Opened analyze", {"page": "analyze", "title": "Analyze"}, "opened Analyze"),
    ("nav", "Opened analyze", {"page": "analyze", "left": "x", "dwell_ms": 4}, "opened analyze"),
    ("upload", "Uploaded x", {"phase": "received", **FILE}, "uploaded customers.csv, 24.8 kB"),
    ("upload", "Removed x", {"phase": "removed", **FILE}, "removed customers.csv"),
    ("upload", "Used x", {"phase": "used", "upload_id": "1", **FILE}, "used customers.csv"),
    ("upload", "Uploaded a file", {}, "uploaded a file"),
    ("download", "Downloaded x", {"filename": "result.csv"}, "saved result.csv"),
    ("download", "Downloaded x", {"label": "Save", "bytes": 1_250_000}, "saved Save, 1.2 MB"),
    ("download", "Handed over the log", {"scope": "session"}, "handed over the log"),
    (
        "download",
        "Handed over the log",
        {"scope": "all"},
        "handed over the log, everybody's",
    ),
    (
        "download",
        "Handed over rows of the log",
        {"events": 37},
        "handed over rows of the log, 37 events",
    ),
    (
        "download",
        "Handed over a support bundle",
        {"scope": "session", "sessions": 1, "events": 1200},
        "handed over a support bundle, 1 session, 1,200 events",
    ),
    (
        "report",
        "Reported a problem",
        {"text": "It froze", "just_now": True, "error_code": "E-AAAAAA"},
        "reported a problem: “It froze”, it happened just now, about the error E-AAAAAA",
    ),
    ("report", "Reported a problem", {"just_now": False}, "reported a problem"),
    (
        "hang",
        "analyze has been open for 30 s",
        {"action_id": "1", "open_ms": 30_012, "stack": TRACEBACK.partition("\n")[2]},
        "the app hung: analyze was open for 30 s in pages/analyze.py line 41",
    ),
    (
        "hang",
        "A run has been open for 30 s",
        {"run_id": "1", "open_ms": 30_012, "stack": ""},
        "the app hung: a run was open for 30 s",
    ),
    (
        "error",
        "Uncaught in analyze: ValueError: no",
        RAISED,
        "ValueError: no in pages/analyze.py line 41",
    ),
    (
        "error",
        "Reading it: ValueError: no",
        {**RAISED, "rows": 3},
        "ValueError: no in pages/analyze.py line 41 (Reading it) (rows: 3)",
    ),
    ("error", "Uncaught: E: ", {"exc_type": "E", "exc_message": "", "traceback": ""}, "E"),
    (
        "error",
        "Segmentation fault",
        {"exc_type": "Segmentation fault", "died_proc": "0", "traceback": DUMP},
        "the app crashed: Segmentation fault in pages/analyze.py line 7",
    ),
    (
        "log",
        "The disk is slow",
        {"level": "warning", "logger": "shop.disk", "where": "disk:31"},
        "logged a warning: The disk is slow, by shop.disk",
    ),
    (
        "log",
        "Broken",
        {"level": "error", "logger": "shop", **RAISED},
        "logged an error: Broken: ValueError: no in pages/analyze.py line 41, by shop",
    ),
    ("audit", "1,200 records …", {"dropped": 1200}, "records were dropped: 1,200 are missing"),
    ("audit", "…", {"outage_seconds": 12.3}, "the log could not be written for 12 s"),
    (
        "audit",
        "records cannot be exported: HTTP 503",
        {"level": "warning"},
        "records cannot be exported: HTTP 503",
    ),
    ("audit", "spans are exported again after 3.0 s", {}, "spans are exported again after 3.0 s"),
    ("audit", "…", {"check": "a1b2c3d4"}, "the log was checked"),
    (
        "audit",
        "recovered 12 events …",
        {"recovered": 12, "missing": 3, "died_proc": "0", "died_at": None},
        "the app was restarted: it had ended without notice, 12 records recovered, 3 lost",
    ),
    ("audit", "…", {"problem": "torn"}, "a line of the log cannot be read: a part of a record"),
    ("audit", "…", {"problem": "foreign"}, "a line of the log cannot be read: no record"),
    (
        "import",
        "Read a table",
        {"rows": 3, "file": "a.csv", "size_bytes": 1234, "ok": True, "by": None},
        "import: Read a table (rows: 3, file: “a.csv”, size_bytes: 1.2 kB, ok: yes, by: none)",
    ),
    ("upload", "Read a table", {"rows": 3}, "upload: Read a table (rows: 3)"),
    ("error", "Something is odd", {}, "error: Something is odd"),
    ("", "", {}, "an event"),
]


@pytest.mark.parametrize(("category", "message", "fields", "expected"), SAID)
def test_phrase_says_what_happened(
    category: str, message: str, fields: dict[str, Any], expected: str
) -> None:
    """A record by itself is one step with one sentence."""
    assert [expected] == told(Recording()(category, message, **fields))


def test_phrase_of_each_kind_is_tested() -> None:
    """Of each kind in the catalogue some sentence is written out, here or with its machine."""
    record = Recording()
    kinds = {kind_of(record(c, m, **f)).name for c, m, f, _ in SAID}
    elsewhere = {"widget", "action-started", "action-ended", "run-started", "run-ended"}
    assert {kind.name for kind in CATALOGUE} == kinds | elsewhere


OTHER, NUMBER = {"type": "str", "length": 19}, {"type": "int"}
LIST, PAIR = {"type": "list", "length": 2}, {"type": "tuple", "length": 2}
WIDGETS: list[tuple[str, str, dict[str, Any], str]] = [
    ("Clicked", "button", {}, "pressed Region"),
    ("Dismissed", "dialog", {}, "closed Region"),
    ("Used", "menu_button", {"new": "Genf"}, "chose from Region: “Genf”"),
    (
        "Used",
        "chat_input",
        {"new": {"type": "str", "length": 4}},
        "wrote to Region: text of 4 characters",
    ),
    ("Used", "component", {"new": [1, 2]}, "used Region: 1 and 2"),
    (
        "Changed",
        "text_input",
        {"old": None, "new": {"type": "str", "length": 5}},
        "changed Region: text of 5 characters",
    ),
    (
        "Changed",
        "text_area",
        {"old": OTHER, "new": None},
        "changed Region: from text of 19 characters to empty",
    ),
    ("Changed", "text_input", {}, "changed Region"),
    (
        "Changed",
        "selectbox",
        {"old": "Bern", "new": "Genf"},
        "chose another option in Region: from “Bern” to “Genf”",
    ),
    ("Changed", "selectbox", {"old": None, "new": "Genf"}, "chose an option in Region: “Genf”"),
    (
        "Changed",
        "selectbox",
        {"old": "Bern", "new": None},
        "chose nothing in Region, it was “Bern”",
    ),
    ("Changed", "selectbox", {"old": OTHER, "new": None}, "chose nothing in Region"),
    ("Changed", "selectbox", {}, "changed Region"),
    ("Changed", "selectbox", {"old": OTHER, "new": OTHER}, "chose another option in Region"),
    ("Changed", "radio", {"old": OTHER, "new": OTHER}, "chose another option in Region"),
    ("Changed", "select_slider", {"old": OTHER, "new": OTHER}, "chose another option in Region"),
    ("Changed", "segmented_control", {"old": None, "new": OTHER}, "chose an option in Region"),
    ("Changed", "pills", {"old": NUMBER, "new": NUMBER}, "chose another option in Region"),
    ("Changed", "pills", {"old": LIST, "new": LIST}, "changed the choice in Region: 2 chosen"),
    (
        "Changed",
        "multiselect",
        {"old": LIST, "new": LIST},
        "changed the choice in Region: 2 chosen",
    ),
    (
        "Changed",
        "multiselect",
        {"old": LIST, "new": {"type": "list", "length": 0}},
        "changed the choice in Region: none chosen",
    ),
    (
        "Changed",
        "multiselect",
        {"old": ["a"], "new": ["a", "b"]},
        "changed the choice in Region: from “a” to “a” and “b”",
    ),
    (
        "Changed",
        "toggle",
        {"old": {"type": "bool"}, "new": {"type": "bool"}},
        "ticked or unticked Region",
    ),
    ("Changed", "toggle", {"old": False, "new": True}, "switched Region on"),
    ("Changed", "checkbox", {"old": True, "new": False}, "switched Region off"),
    ("Changed", "slider", {"old": NUMBER, "new": NUMBER}, "moved Region"),
    ("Changed", "slider", {"old": PAIR, "new": PAIR}, "moved Region"),
    ("Changed", "number_input", {"old": NUMBER, "new": NUMBER}, "changed Region"),
    ("Changed", "number_input", {"old": NUMBER, "new": None}, "changed Region: empty"),
    ("Changed", "date_input", {"old": None, "new": {"type": "date"}}, "changed Region"),
    ("Changed", "color_picker", {"old": OTHER, "new": OTHER}, "changed Region"),
    ("Changed", "slider", {"old": 5, "new": 7}, "moved Region: from 5 to 7"),
    (
        "Changed",
        "slider",
        {"old": [1, 5], "new": [1, 7]},
        "moved Region: from 1 and 5 to 1 and 7",
    ),
]


@pytest.mark.parametrize(("said", "kind", "fields", "expected"), WIDGETS)
def test_phrase_of_a_widget(said: str, kind: str, fields: dict[str, Any], expected: str) -> None:
    """What was done, at which widget, and its value as far as the policy allows."""
    common = {"kind": kind, "label": "Region", "key": "key"}
    assert [expected] == told(Recording()("widget", f"{said} Region", **common, **fields))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "data_editor", "label": "", "key": "prices"}, "pressed prices"),
        ({"kind": "data_editor", "label": "", "key": None}, "pressed data editor"),
        ({"label": "Named"}, "pressed Named"),
        ({}, "pressed data_editor"),
    ],
)
def test_phrase_of_a_widget_without_a_label(fields: dict[str, Any], expected: str) -> None:
    """It is called by its key, else by its kind, also where the app has redacted the fields."""
    assert [expected] == told(Recording()("widget", "Clicked data_editor", **fields))


def test_phrase_keeps_foreign_text_apart() -> None:
    """What a person or the app has called something stands alone, so that it can be bold."""
    record = Recording()
    (step,) = steps([record("upload", "Uploaded x", phase="received", **FILE)])
    assert ("uploaded", "customers.csv", ", 24.8 kB") == (step.verb, step.subject, step.rest)
    (step,) = steps([record.error()])
    assert ("", "ValueError: no") == (step.verb, step.subject)
    assert " in pages/analyze.py line 41" == step.rest


def test_phrase_shows_no_control_and_no_long_text() -> None:
    """A hostile name is one line, cut, and turns no direction of writing."""
    name = "a\x1b[31m\n\u202egnp.exe\x00" + "x" * 10_000
    (step,) = steps([Recording()("upload", "Uploaded x", phase="received", filename=name)])
    assert step.subject.startswith("a [31m gnp.exe xxx")
    assert 200 == len(step.subject)
    assert step.text.isprintable()
