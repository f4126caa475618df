"""Sentry's events say which error of ours they are, and what was done before it."""

from __future__ import annotations

import datetime
import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import sentry_sdk
from sentry_sdk.utils import event_from_exception

import datatools_audit as audit
from datatools_audit import AuditConfig, audit_action, log_event, log_exception
from datatools_audit._process import shared
from datatools_audit.api import forget_recorded, record_exception
from datatools_audit.context import Session
from datatools_audit.integrations.recent import RecentLines, recent_lines
from datatools_audit.integrations.sentry import audit_before_send
from datatools_audit.recorder import recorder
from streamlit_ext.page import record_once
from tests.integrations.hostile import OddError
from tests.integrations.programs import KeptTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datatools_audit.testing import CapturedEvents

ROOT = Path(__file__).parents[2]


@pytest.fixture
def sent(audit_events: CapturedEvents) -> Iterator[list[dict[str, Any]]]:
    """Give what Sentry sends with our ``before_send``."""
    with sentry(audit_before_send()) as events:
        yield events


@contextmanager
def sentry(before_send: Callable[..., Any]) -> Iterator[list[dict[str, Any]]]:
    """Set Sentry up without what patches the interpreter; give what it sends."""
    transport = KeptTransport()
    sentry_sdk.init(
        dsn="https://key@sentry.example.org/1",
        transport=transport,
        before_send=before_send,
        default_integrations=False,
        auto_enabling_integrations=False,
    )
    yield transport.events
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def breadcrumbs(event: dict[str, Any]) -> list[str]:
    return [each["message"] for each in event.get("breadcrumbs", {}).get("values", [])]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """Give what Sentry and we have of an app that breaks, with Sentry set up as it is."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.integrations.programs"],
        cwd=ROOT,
        env={**os.environ, "DATATOOLS_AUDIT_DIR": str(tmp_path_factory.mktemp("logs"))},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def test_sentry_and_the_log_have_each_error_once(both: dict[str, Any]) -> None:
    """Of three exceptions in an app there are three of each; none of ours doubles one of theirs."""
    errors = [event for event in both["ours"] if event["category"] == "error"]
    raised = [event["exception"]["values"][-1]["type"] for event in both["sentry"]]
    expected = ["LookupError", "ValueError", "RuntimeError"]
    assert (expected, expected) == ([error["exc_type"] for error in errors], raised)
    assert {"loading"} == {e["message"] for e in both["ours"] if e["category"] == "log"}


def test_sentry_event_has_the_code_of_the_error_in_the_app(both: dict[str, Any]) -> None:
    """Also where Streamlit logs the exception before it is recorded: it is drawn for both."""
    error = next(event for event in both["ours"] if event["category"] == "error")
    tags = both["sentry"][0]["tags"]
    assert (error["support_code"], error["session"]) == (
        tags["support_code"],
        tags["audit_session"],
    )


def test_our_record_has_the_event_that_sentry_had_first(both: dict[str, Any]) -> None:
    """An app that hands an exception to Sentry and lets it go on is linked the other way."""
    error = [event for event in both["ours"] if event["category"] == "error"][1]
    assert both["sentry"][1]["event_id"] == error["sentry_event"]
    assert "support_code" not in both["sentry"][1]["tags"]


def test_sentry_event_tells_the_steps_before_it(both: dict[str, Any]) -> None:
    """In their order, in plain words, among Sentry's own; and not the error itself."""
    told = both["sentry"][0]["breadcrumbs"]["values"]
    steps = [each for each in told if each.get("category", "").startswith("audit.")]
    text = "\n".join(each["message"] for each in steps)
    assert "audit.session" == steps[0]["category"]
    assert "audit.widget" in {each["category"] for each in steps}
    assert "pressed Break" in [each["message"] for each in steps]
    assert "LookupError" not in text
    moments = [datetime.datetime.fromisoformat(each["timestamp"]) for each in told]
    assert sorted(moments) == moments
    assert told[-len(steps) :] != steps  # one of Sentry's is among them
    assert "loading" not in text  # Sentry has it itself
    assert "loading" in [each["message"] for each in told]


def test_sentry_event_has_the_code_of_the_error_that_ended_a_thread(both: dict[str, Any]) -> None:
    """Sentry hears of it first there too."""
    error = next(event for event in both["ours"] if "In thread" in event["message"])
    event = both["sentry"][2]
    assert (error["support_code"], error["sentry_event"]) == (
        event["tags"]["support_code"],
        event["event_id"],
    )


def test_sentry_event_has_no_person_in_its_steps(both: dict[str, Any]) -> None:
    """What leaves is redacted as in a bundle, what was said by a label too."""
    (steps, *_) = [json.dumps(event["breadcrumbs"]) for event in both["sentry"]]
    assert "ann@example.org" not in steps
    assert "<email-1>" in steps


def test_before_send_of_the_app_has_the_last_word(audit_events: CapturedEvents) -> None:
    """It sees what was added, may change it, and may leave the event out."""
    seen: list[object] = []

    def own(event: Any, hint: Any) -> Any:
        seen.append(event["tags"]["audit_session"])
        return event if event.get("message") != "left out" else None

    with sentry(audit_before_send(own)) as sent:
        sentry_sdk.capture_message("left out")
        sentry_sdk.capture_message("sent")
    assert ["sent"] == [event["message"] for event in sent]
    assert [recorder.process_session.id] * 2 == seen


def test_an_event_that_is_not_sent_is_no_records(audit_events: CapturedEvents) -> None:
    """Nobody finds in Sentry what the app's own has left out, or has broken over."""

    def own(event: Any, hint: Any) -> Any:
        if hint["exc_info"][0] is KeyError:
            raise RuntimeError("the app's own")
        return None if hint["exc_info"][0] is LookupError else event

    with sentry(audit_before_send(own)) as sent:
        for error in (LookupError("left out"), KeyError("broken"), ValueError("sent")):
            sentry_sdk.capture_exception(error)
            log_exception("Reading", error)
    assert ["ValueError"] == [event["exception"]["values"][0]["type"] for event in sent]
    found = audit_events.matching(category="error")
    assert [None, None, sent[0]["event_id"]] == [each.get("sentry_event") for each in found]


def test_what_the_apps_own_raises_is_sentrys_business(audit_events: CapturedEvents) -> None:
    """We do not stand in its way: Sentry drops the event, as it does without us."""

    def own(event: Any, hint: Any) -> Any:
        raise RuntimeError("the app's own")

    with pytest.raises(RuntimeError, match="the app's own"):
        audit_before_send(own)(cast("Any", {"event_id": "x"}), {})
    with sentry(audit_before_send(own)) as sent:
        sentry_sdk.capture_message("said")
    assert [] == sent


def test_the_code_is_that_very_errors(sent: list[dict[str, Any]]) -> None:
    """An error that has no record gets no other error's code."""
    first, second = LookupError("first"), ValueError("second")
    record_once("Uncaught", first)
    sentry_sdk.capture_exception(second)
    sentry_sdk.capture_exception(first)
    assert [False, True] == ["support_code" in event["tags"] for event in sent]


def test_the_code_of_an_error_that_is_raised_again(
    sent: list[dict[str, Any]], audit_events: CapturedEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is first, Sentry or the record, both have the same code each time."""
    monkeypatch.setitem(shared("observers", dict), "errors", None)
    error = LookupError("the same object")
    made = logging.LogRecord("streamlit.error_util", 40, "", 0, "Uncaught app execution", (), None)

    def tell_sentry() -> None:
        event, hint = event_from_exception(error)
        sentry_sdk.capture_event(event, hint={**hint, "log_record": made})

    for recorded_first in (True, False, False, True, False):
        steps = [lambda: record_once("Uncaught", error), tell_sentry]
        for step in steps if recorded_first else steps[::-1]:
            step()
            forget_recorded(error)
    codes = [event["support_code"] for event in audit_events.matching(category="error")]
    assert codes == [event["tags"]["support_code"] for event in sent]
    assert 5 == len(set(codes))


def test_an_exception_keeps_nothing_of_ours_where_nobody_asks(
    audit_events: CapturedEvents,
) -> None:
    """Without Sentry an exception looks behind its record as it did before."""
    error = LookupError("broken")
    record_once("Uncaught", error)
    forget_recorded(error)
    assert ({}, 1) == (vars(error), len(audit_events))


def test_an_error_that_was_handled_is_linked_once(
    sent: list[dict[str, Any]], audit_events: CapturedEvents
) -> None:
    """The record behind Sentry's event has its id; a later record of the same error has not."""
    error = LookupError("broken")
    sentry_sdk.capture_exception(error)
    log_exception("First", error)
    log_exception("Second", error)
    first, second = audit_events.matching(category="error")
    assert (sent[0]["event_id"], False) == (first["sentry_event"], "sentry_event" in second)


def test_steps_are_those_of_the_present_session(
    sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of another visitor leaves with this one's error."""
    ann, ben = Session(), Session()
    now = [ann]
    monkeypatch.setattr(recorder, "provider", lambda: now[0])
    log_event("widget", "Clicked ann's", kind="button", label="ann's", key=None)
    now[0] = ben
    log_event("widget", "Clicked ben's", kind="button", label="ben's", key=None)
    sentry_sdk.capture_message("said")
    (event,) = sent
    assert (1, ben.id) == (len(breadcrumbs(event)), event["tags"]["audit_session"])
    assert "ben's" in breadcrumbs(event)[0]


def test_nothing_is_added_where_nothing_is_recorded(
    sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a visitor who is left out, and while recording is off."""
    monkeypatch.setattr(recorder, "provider", lambda: Session(muted=True))
    sentry_sdk.capture_exception(LookupError("1"))
    monkeypatch.setattr(recorder, "provider", None)
    audit.configure(AuditConfig(enabled=False))
    sentry_sdk.capture_message("2")
    assert [{}, {}] == [event.get("tags", {}) for event in sent]
    assert [[], []] == [breadcrumbs(event) for event in sent]


def test_sentry_gets_no_more_than_the_last_steps(audit_events: CapturedEvents) -> None:
    """As many as were asked for, the newest."""
    with sentry(audit_before_send(most_steps=3)) as sent:
        for number in range(10):
            with audit_action(f"work {number}"):
                pass
        sentry_sdk.capture_message("said")
    assert 3 == len(breadcrumbs(sent[0]))
    assert "work 9" in breadcrumbs(sent[0])[-1]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"tags": [["a", "b"]]},
        {"breadcrumbs": None},
        {"breadcrumbs": {"values": [{"timestamp": object()}, {"timestamp": 3}]}},
    ],
)
def test_a_failure_of_ours_costs_no_event(
    audit_events: CapturedEvents, event: dict[str, Any]
) -> None:
    """Whatever the event looks like it is sent, and nothing is raised or logged."""
    log_event("test", "said")
    hint = {"exc_info": (OddError, OddError(), None)}
    assert event is audit_before_send()(cast("Any", event), cast("Any", hint))
    assert ["said"] == audit_events.messages()


def test_a_listener_that_fails_costs_no_event(audit_events: CapturedEvents) -> None:
    """What keeps the lines is no part of recording them."""

    def fail(line: bytes) -> None:
        raise RuntimeError

    recorder.listen(fail)
    log_event("test", "said")
    assert ["said"] == audit_events.messages()
    assert {"listener: RuntimeError": 1} == audit.audit_stats().internal_failures


def test_listeners_hear_each_line_once_and_end_with_a_reset(log_folder: Path) -> None:
    """Twice is once; and they go on in the writer of a capture, not behind a clean start."""
    heard: list[bytes] = []
    for _ in range(2):
        recorder.listen(heard.append)
    log_event("test", "1")
    audit.configure(AuditConfig(hang_seconds=5))
    log_event("test", "2")
    audit.reset_for_tests()
    log_event("test", "3")
    assert ["1", "2"] == [json.loads(line)["message"] for line in heard]


def test_recent_lines_are_bounded() -> None:
    """In number and bytes of a session, and in sessions; the oldest go first."""
    lines = RecentLines()
    for number in range(1000):
        lines.hear(_line("a" * 8, number))
    assert [900, 999] == [lines.of("a" * 8)[at]["seq"] for at in (0, -1)]
    for number in range(100):
        lines.hear(_line("b" * 8, number, "x" * 10_000))
    assert 6 == len(lines.of("b" * 8))
    lines.hear(_line("b" * 8, 100, "x" * 100_000))
    assert [100] == [record["seq"] for record in lines.of("b" * 8)]
    for number in range(250):
        lines.hear(_line(f"{number:08x}", number))
        lines.hear(_line("a" * 8, number))
    assert ([], 100) == (lines.of("b" * 8), len(lines.of("a" * 8)))
    kept = [number for number in range(250) if lines.of(f"{number:08x}")]
    assert kept == list(range(kept[0], 250))
    assert 100 <= len(kept) <= 200


def test_recent_lines_are_those_that_are_steps() -> None:
    """What is told at level ``debug`` takes no room."""
    lines = RecentLines()
    lines.hear(_line("a" * 8, 1).replace(b'"level":"info"', b'"level":"debug"'))
    lines.hear(_line("a" * 8, 2, '"level":"debug"'))
    assert [2] == [record["seq"] for record in lines.of("a" * 8)]


def _line(session: str, seq: int, message: str = "said") -> bytes:
    record = {"ts": "2026-05-19T21:22:47.123+00:00", "level": "info", "category": "test"}
    record |= {"session": session, "message": message, "proc": "9f3e12ab"}
    return json.dumps({**record, "seq": seq}, separators=(",", ":")).encode() + b"\n"


def test_recent_lines_from_threads(audit_events: CapturedEvents) -> None:
    """Callers of one session and of many at once hurt each other in nothing."""
    lines = recent_lines()
    assert lines is shared("recent lines", RecentLines)

    def log(number: int) -> None:
        for _ in range(500):
            record_exception("x", LookupError("y"), {}, Session() if number % 2 else None)

    threads = [threading.Thread(target=log, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 2000 == len(audit_events)
    assert {} == audit.audit_stats().internal_failures
