"""The hand-over tab and the report dialog, driven by AppTest."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from datatools_audit import configure, log_event
from datatools_audit.reading.query import Filter
from datatools_audit.recorder import recorder
from datatools_audit.redaction.rule import Redaction, Rule
from datatools_audit.support.bundle import Choice
from streamlit_ext.diagnostics import bundling
from streamlit_ext.diagnostics.source import own_source
from streamlit_ext.report import record_report
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category


def page_for_all() -> None:
    from streamlit_ext import diagnostics_page

    diagnostics_page(scope="all", environment=lambda: {"rows": 7})


def page_with_a_report() -> None:
    from streamlit_ext import report_problem

    report_problem(address="help@example.org", key="x")


def key(name: str) -> str:
    return f"_datatools_audit_{name}"


def downloads(app: AppTest) -> list[str]:
    return [each.proto.label for each in app.get("download_button")]


def test_bundling_shows_before_it_gives() -> None:
    """Without a preview there is nothing to save; behind it there is what was shown."""
    log_event("note", "mail ann@example.org")
    app = AppTest.from_function(page_for_all).run()
    assert "Save the bundle" not in downloads(app)
    app.button(key=key("make_preview")).click().run()
    assert not app.exception
    assert "Save the bundle" in downloads(app)
    shown = " ".join(each.value for each in app.code)
    assert "mail <email-1>" in shown
    assert "ann@example.org" not in shown


def test_bundling_another_choice_needs_another_preview() -> None:
    """What was shown is what may be saved: after a change the button is gone."""
    log_event("note", "x")
    app = AppTest.from_function(page_for_all).run()
    app.button(key=key("make_preview")).click().run()
    app.checkbox(key=key("bundle_filenames")).uncheck().run()
    assert "Save the bundle" not in downloads(app)
    assert any("Preview it again" in each.value for each in app.info)
    app.button(key=key("make_preview")).click().run()
    assert "Save the bundle" in downloads(app)


def test_bundling_packs_what_the_app_adds_and_its_rules() -> None:
    """The app's own part is in the environment, and its own rules redact."""
    configure(redaction=Redaction(rules=(Rule("customer", r"K-\d{5}"),), allow=("me@example.org",)))
    log_event("note", "customer K-12345 of me@example.org")
    session = recorder.process_session
    source = own_source(session)
    wanted = bundling.Wanted(source, Filter(days=source.days), Choice())
    made = bundling.made(wanted, lambda: {"rows": 7})
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert made.environment == archive.read("environment.json")
        told = json.loads(archive.read("environment.json"))
        (event,) = archive.read("events.jsonl").splitlines()
    assert {"rows": 7} == told["extra"]
    assert "customer <customer-1> of me@example.org" == json.loads(event)["message"]


def test_report_asks_what_happened() -> None:
    """The button opens a dialog; nothing is recorded before somebody has written."""
    app = AppTest.from_function(page_with_a_report).run()
    app.button(key=key("report_x")).click().run()
    assert not app.exception
    assert ["What happened?"] == [each.label for each in app.text_area]
    assert [] == by_category(written_records(), "report")


def test_report_names_the_error_and_bounds_the_text() -> None:
    """A report of an error has its code; a text without end is cut."""
    code = record_report("x" * 10_000, just_now=True, error_code="E-7K3F9Q")
    (record,) = by_category(written_records(), "report")
    told: dict[str, Any] = record
    assert (code, "E-7K3F9Q", True) == (told["support_code"], told["error_code"], told["just_now"])
    assert 4_000 == len(told["text"])
    assert ("info", "Reported a problem") == (told["level"], told["message"])


def test_report_is_not_recorded_while_recording_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has switched the log off gets a code, and no record."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    assert record_report("x").startswith("E-")
    assert [] == written_records()
