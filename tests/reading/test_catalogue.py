"""The catalogue says what stands in a log, and what stands in a log is in the catalogue."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

import datatools_audit as audit
import streamlit_ext
from datatools_audit import AuditConfig
from datatools_audit.config import PROBES
from datatools_audit.reading.catalogue import CATALOGUE, COMMON, OFF, Kind, kind_of
from datatools_audit.reading.events import as_markdown
from datatools_audit.recorder import recorder
from streamlit_ext import audit_action, instrument
from streamlit_ext.diagnostics.handover import record_bundle
from streamlit_ext.report import record_report
from tests.helpers import written_records
from tests.streamlit_ext.conftest import originals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["originals"]

ROOT = Path(__file__).parents[2]
APPS = ROOT / "tests" / "streamlit_ext" / "apps"
NAMES = [kind.name for kind in CATALOGUE]


def test_catalogue_names_are_unique() -> None:
    """Each kind has a name and a title of its own."""
    assert sorted(set(NAMES)) == sorted(NAMES)
    assert len(CATALOGUE) == len({kind.title for kind in CATALOGUE})


@pytest.mark.parametrize("kind", CATALOGUE, ids=NAMES)
def test_catalogue_is_in_sentences(kind: Kind) -> None:
    """Why it is there and how to stop it are sentences; no field is without a meaning."""
    for said in (kind.why, kind.off):
        assert re.fullmatch(r"[A-Z`].*\.", said)
    assert [] == [name for name, meaning in kind.fields.items() if not meaning]
    assert [] == [name for name in kind.fields if name in COMMON]


def test_catalogue_names_only_what_there_is() -> None:
    """Each setting, argument, probe and call in the text on how to stop it exists."""
    text = " ".join([OFF, *(kind.off for kind in CATALOGUE)])
    fields = {field.name for field in dataclasses.fields(AuditConfig)}
    assert set() == set(re.findall(r"AuditConfig\((\w+)=", text)) - fields
    variables = {name.lower() for name in re.findall(r"DATATOOLS_AUDIT_(\w+)=", text)}
    assert set() == variables - fields
    assert set() == set(re.findall(r"PROBE=([\w-]+)", text)) - set(PROBES)
    arguments = set(instrument.__annotations__)
    named = set(re.findall(r"instrument\((\w+)=", text)) | set(re.findall(r"`(\w+)=[…`]", text))
    assert named
    assert set() == named - arguments
    calls = set(re.findall(r"`(\w+)(?:\(\))?`", text))
    known = {*audit.__all__, *streamlit_ext.__all__, "uninstrument"}
    assert set() == calls - known


def kinds() -> set[str]:
    """Return the names of the kinds that are in the log."""
    return {kind_of(record).name for record in written_records()}


def page() -> None:
    """Be a page with something of most kinds."""
    import streamlit as st

    from datatools_audit import log_event
    from streamlit_ext import audit_action

    if st.button("Go"):
        with audit_action("work"):
            log_event("own", "Something")
    st.file_uploader("File")
    st.download_button("Save", "abc", "result.csv")


def drive(**given: Any) -> set[str]:
    """Do something of most kinds at an instrumented app; return the kinds in the log."""
    instrument(app="Shop", **given)
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    app.file_uploader[0].upload("a.csv", b"1", "text/csv").run()
    app.get("download_button")[0].click().run()  # type: ignore[attr-defined]
    assert not app.exception
    audit.log_page_open("one")
    audit.log_exception("Doing", ValueError("no"))
    record_report("It froze")
    record_bundle({}, recorder.process_session)
    audit.AuditHandler().emit(logging.LogRecord("shop", 30, "shop.py", 3, "Slow", (), None))
    return kinds()


OURS = {"session-started", "page-opened", "widget", "upload", "download", "run-started"}
OURS |= {"run-ended"}
CALLED = {"action-started", "action-ended", "own", "error", "log", "report", "bundle-handed-over"}


def test_catalogue_of_an_app_with_most_kinds() -> None:
    """Nothing is stopped: what the next tests stop is there."""
    assert OURS | CALLED == drive()


@pytest.mark.parametrize(
    ("value", "stopped"),
    [
        ("no-session-start", {"session-started"}),
        ("no-page-open", {"page-opened"}),
        ("no-events", (OURS | CALLED) - {"session-started", "page-opened"}),
        ("noop", OURS | CALLED),
    ],
)
def test_catalogue_off_probe(
    value: str, stopped: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A probe stops what the catalogue says, and no more."""
    monkeypatch.setenv("DATATOOLS_AUDIT_PROBE", value)
    assert (OURS | CALLED) - stopped == drive()


def test_catalogue_off_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """`DATATOOLS_AUDIT_ENABLED=0` stops everything, whatever the code says."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    audit.configure(AuditConfig(enabled=True))
    assert set() == drive()


def test_catalogue_off_enabled() -> None:
    """So does the setting."""
    audit.configure(AuditConfig(enabled=False))
    assert set() == drive()


def test_catalogue_off_record_leaves_a_visitor_out() -> None:
    """Nothing of that visitor is there; what the process does itself is."""
    found = drive(record=lambda: False)
    # What this thread calls outside of any run is the process's.
    called = {"page-opened", "error", "log", "report", "bundle-handed-over"}
    assert called == found


@pytest.mark.parametrize(
    "given",
    [
        {"exclude": ("button", "file_uploader", "download_button")},
        {"redact": lambda _fields: None},
    ],
    ids=["exclude", "redact"],
)
def test_catalogue_off_widgets_and_files(given: dict[str, Any]) -> None:
    """Widgets, uploads and downloads go by their name or by `redact=`."""
    stopped = {"widget", "upload", "download"}
    assert (OURS | CALLED) - stopped == drive(**given)


def test_catalogue_off_uninstrument() -> None:
    """Nothing more is heard of Streamlit; what the app calls itself goes on."""
    instrument().uninstrument()
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert {"action-started", "action-ended", "own"} == kinds()


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, set()), (0.001, {"hang"})])
def test_catalogue_off_hang_seconds(seconds: float, expected: set[str]) -> None:
    """An action that is open for long is told of, and with 0 nobody looks after it."""
    audit.configure(AuditConfig(hang_seconds=seconds))
    with audit_action("work"):
        while expected and "hang" not in kinds():
            pass
        assert bool(expected) == bool(recorder.watchdog._open)
    assert {"action-started", "action-ended"} | expected == kinds()


def test_catalogue_off_flight_recorder() -> None:
    """Without a flight recorder nothing outlives the process, so nothing is recovered of it."""
    audit.configure(AuditConfig(flight_recorder=False))
    audit.log_event("own", "Something")
    assert {"own"} == kinds()
    assert "on" != audit.audit_stats().flight_recorder


# What the apps of the tests say of themselves by `log_event` and the like.
OWN_CATEGORIES: set[object] = {"read", "import"}


def unknown(records: list[dict[str, object]]) -> list[tuple[str, object, set[str]]]:
    """Return the records that the catalogue has no kind or no field for."""
    found: list[tuple[str, object, set[str]]] = []
    for record in records:
        kind = kind_of(record)
        strange = set(record) - COMMON.keys() - kind.fields.keys()
        is_own = kind.name == "own" and record["category"] not in OWN_CATEGORIES
        if is_own or (strange and not kind.takes_extras):
            found.append((kind.name, record["message"], strange))
    return found


def use_all(app: AppTest) -> None:
    """Use each widget of an app that AppTest can use, once; what that raises is the app's."""
    uses: Mapping[str, Callable[[Any], Any]] = {
        "button": lambda each: each.click(),
        "checkbox": lambda each: each.check(),
        "toggle": lambda each: each.set_value(not each.value),
        "selectbox": lambda each: each.select_index(len(each.options) - 1),
        "multiselect": lambda each: each.set_value(each.options[:1]),
        "radio": lambda each: each.set_value(each.options[-1]),
        "slider": lambda each: each.set_value(each.max),
        "number_input": lambda each: each.increment(),
        "text_input": lambda each: each.set_value("Rosa"),
        "text_area": lambda each: each.set_value("Rosa"),
        "chat_input": lambda each: each.set_value("Rosa"),
        "file_uploader": lambda each: each.upload("a.csv", b"a,b\n1,2\n", "text/csv"),
    }
    for kind, use in uses.items():
        for place in range(min(3, len(app.get(kind)))):
            # An app may be made to break, and its widget may be gone by then.
            with contextlib.suppress(Exception):
                use(app.get(kind)[place])
                app.run()


# Its exceptions break the traceback module, and with it pytest's own hook of threads.
PATHS = [path for path in sorted(APPS.glob("[a-z]*.py")) if path.stem != "odd_errors"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_catalogue_knows_what_an_app_records(path: Path) -> None:
    """Each record of each app of the tests is of a known kind with known fields."""
    instrument()
    with contextlib.suppress(Exception):
        app = AppTest.from_file(str(path)).run()
        use_all(app)
    records = written_records()
    assert records
    assert [] == unknown(records)


def test_catalogue_knows_what_the_demo_records() -> None:
    """The same of the demo app, through all its pages, with an error."""
    app = AppTest.from_file(str(ROOT / "app.py")).run()
    for name in ("upload", "analyze", "clean", "diagnostics"):
        app.switch_page(f"pages/{name}.py").run()
        if name == "upload":
            next(b for b in app.button if b.label == "Try with sample data").click().run()
        if name == "analyze":
            next(b for b in app.button if b.label == "Analyze").click().run()
            app.text_input[0].set_value("1 + 2")
            next(b for b in app.button if b.label == "Calculate").click().run()
    records = written_records()
    found = {kind_of(record).name for record in records}
    wanted = {"session-started", "page-opened", "widget", "error", "action-ended", "run-ended"}
    assert set() == wanted - found
    assert [] == unknown(records)


def test_catalogue_fields_of_a_report_and_a_bundle() -> None:
    """What the Diagnostics page and `report_problem` record has its kind and no other field."""
    record_report("It froze", just_now=True, error_code="E-AAAAAA")
    told = {"scope": "all", "filename": "a.zip", "since": "", "until": "", "sessions": 1}
    record_bundle({**told, "events": 2}, recorder.process_session)
    records = written_records()
    assert ["report", "bundle-handed-over"] == [kind_of(record).name for record in records]
    for record in records:
        assert set(record) - COMMON.keys() == kind_of(record).fields.keys()


def test_catalogue_as_markdown_is_the_document() -> None:
    """docs/events.md is what the catalogue says now."""
    path = ROOT / "docs" / "events.md"
    assert as_markdown() == path.read_text("utf-8"), "run `python dev.py events` to write it anew"


def test_catalogue_as_markdown_has_everything() -> None:
    """Each kind has its heading and each field its row, in tables of two columns."""
    text = as_markdown()
    assert [] == [kind.title for kind in CATALOGUE if f"\n## {kind.title}\n" not in text]
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert [] == [row for row in rows if 3 != row.count("|")]
    heads = 2 * (1 + sum(1 for kind in CATALOGUE if kind.fields))
    assert len(COMMON) + sum(len(kind.fields) for kind in CATALOGUE) == len(rows) - heads
