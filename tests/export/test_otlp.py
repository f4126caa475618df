"""OpenTelemetry gets each record once, whatever the other side does, and the log has it too."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import _logs, trace
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from streamlit.testing.v1 import AppTest

from datatools_audit import (
    AuditConfig,
    AuditHandler,
    ConfigError,
    audit_action,
    audit_stats,
    configure,
    flush_audit_log,
    log_event,
    log_exception,
)
from datatools_audit.export import outbox
from datatools_audit.recorder import recorder
from tests.export.receiver import Receiver, answer, until, values
from tests.helpers import written_records
from tests.streamlit_ext.conftest import originals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler

__all__ = ["originals"]
LIMIT = 30


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Give a log system to which the SDK's variables lead; what it is sent comes at once."""
    made = Receiver()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", made.address)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "2")
    monkeypatch.setattr(outbox, "_GATHER_SECONDS", 0.02)
    monkeypatch.setattr(outbox, "_FIRST_PAUSE_SECONDS", 0.02)
    yield made
    made.close()


def export(**more: Any) -> None:
    configure(AuditConfig(export="otlp", **more))


def record(first: int, last: int) -> None:
    for number in range(first, last + 1):
        log_event("step", f"step {number}")


def steps(first: int, last: int) -> list[str]:
    return [f"step {number}" for number in range(first, last + 1)]


def in_the_log() -> list[str]:
    return [str(each["message"]) for each in written_records() if each["category"] == "step"]


def sums() -> tuple[int, int, int, int]:
    told = audit_stats()
    return told.exported, told.export_refused, told.export_dropped, told.export_waiting


def test_otlp_has_each_record_once_and_in_order(receiver: Receiver) -> None:
    """More than one request can hold; the log has the same."""
    export()
    record(1, 1_200)
    assert flush_audit_log(LIMIT)
    until(lambda: audit_stats().exported == 1_200)
    assert steps(1, 1_200) == receiver.messages() == in_the_log()
    assert (1_200, 0, 0, 0) == sums()
    assert len(receiver.requests) >= 3


def test_otlp_is_never_on_by_its_variables_alone(receiver: Receiver) -> None:
    """They say where, once it is on."""
    record(1, 3)
    assert flush_audit_log(LIMIT)
    assert recorder.exporter._records is None
    assert (0, 0, 0, 0) == sums()
    assert [] == receiver.requests


def test_otlp_by_the_environment(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """`DATATOOLS_AUDIT_EXPORT` turns it on where the code configures nothing."""
    monkeypatch.setenv("DATATOOLS_AUDIT_EXPORT", "otlp")
    record(1, 1)
    until(lambda: receiver.messages() == ["step 1"])


def test_otlp_unknown_export_is_refused() -> None:
    """The message says what there is."""
    with pytest.raises(ConfigError, match="export must be 'otlp' or ''"):
        AuditConfig(export="kafka")


def test_otlp_terms_of_a_record(receiver: Receiver) -> None:
    """Each field is where the data model or the conventions have it, else under our prefix."""
    recorder.app = ("Shop", "2.1")
    export()
    log_event(
        "upload", "Read it", page="start", filename="a.csv", bytes=12, rows={"a": 1}, big=1 << 70
    )
    try:
        raise ValueError("bad cell")
    except ValueError as error:
        log_exception("Reading", error)
    until(lambda: len(receiver.records) == 2)
    upload, error = receiver.records
    (kept, _) = written_records()
    assert ("Read it", 9, "INFO") == (
        upload.body.string_value, upload.severity_number, upload.severity_text,
    )  # fmt: skip
    assert "datatools_audit.upload" == upload.event_name
    assert str(kept["ts"])[:23].replace("T", " ") == _moment(upload.time_unix_nano)
    assert {
        "session.id": kept["session"],
        "app.screen.name": "start",
        "file.name": "a.csv",
        "file.size": 12,
        "datatools_audit.rows": '{"a":1}',
        "datatools_audit.big": str(1 << 70),
        "datatools_audit.proc": kept["proc"],
        "datatools_audit.seq": kept["seq"],
    } == values(upload.attributes)
    told = values(error.attributes)
    assert (17, "ValueError", "bad cell") == (
        error.severity_number, told["exception.type"], told["exception.message"],
    )  # fmt: skip
    assert "ValueError: bad cell" in told["exception.stacktrace"]
    (resource,) = {
        part.resource.SerializeToString() for r in receiver.requests for part in r.resource_logs
    }
    whole = values(receiver.requests[0].resource_logs[0].resource.attributes)
    assert resource
    assert ("Shop", "2.1", kept["proc"]) == (
        whole["service.name"], whole["service.version"], whole["service.instance.id"],
    )  # fmt: skip
    assert "host.name" not in whole


def _moment(nanoseconds: int) -> str:
    import datetime

    moment = datetime.datetime.fromtimestamp(nanoseconds // 10**9, datetime.UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{nanoseconds // 10**6 % 1000:03}"


def test_otlp_resource_is_what_the_variables_say(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fleet names its services by the SDK's own variables; the host is told with identity."""
    monkeypatch.setenv("OTEL_SERVICE_NAME", "shop-eu")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=prod")
    recorder.app = ("Shop", "2.1")
    export(identity=True)
    record(1, 1)
    until(lambda: receiver.requests)
    whole = values(receiver.requests[0].resource_logs[0].resource.attributes)
    assert ("shop-eu", "prod", "2.1", socket.gethostname()) == (
        whole["service.name"], whole["deployment.environment.name"],
        whole["service.version"], whole["host.name"],
    )  # fmt: skip


def test_otlp_actions_are_spans_with_their_parents(receiver: Receiver) -> None:
    """Their times are those of the records, an error is one, and records within name the span."""
    export()

    @audit_action("load", rows=3)
    def load_it() -> None:
        with audit_action("parse"):
            pass
        raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"):
        load_it()
    until(lambda: len(receiver.spans) == 2 and len(receiver.records) == 4)
    spans = {span.name: span for span in receiver.spans}
    load, parse = spans["load"], spans["parse"]
    assert (load.span_id, load.trace_id, b"") == (
        parse.parent_span_id,
        parse.trace_id,
        load.parent_span_id,
    )
    assert (2, "bad", 0) == (load.status.code, load.status.message, parse.status.code)
    assert load.start_time_unix_nano <= parse.start_time_unix_nano
    assert parse.end_time_unix_nano <= load.end_time_unix_nano
    assert 3 == values(load.attributes)["datatools_audit.rows"]
    assert [load.span_id, parse.span_id, parse.span_id, load.span_id] == [
        each.span_id for each in receiver.records
    ]


def hang(receiver: Receiver) -> Any:
    def fault(_request: BaseHTTPRequestHandler) -> bool:
        receiver.let_go.wait(LIMIT)
        return True

    return fault


def unavailable(request: BaseHTTPRequestHandler) -> bool:
    return answer(request, 503, Retry_After="0")


def reset(request: BaseHTTPRequestHandler) -> bool:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    request.connection.close()
    request.close_connection = True
    return True


@pytest.mark.parametrize("fault", [unavailable, reset])
def test_otlp_tries_again_until_it_is_taken(fault: Any, receiver: Receiver) -> None:
    """Nothing is lost over an outage of several attempts, and the log has all meanwhile."""
    receiver.faults = [fault] * 4
    export()
    record(1, 20)
    assert flush_audit_log(LIMIT)
    assert steps(1, 20) == in_the_log()
    until(lambda: audit_stats().exported == 20)
    assert receiver.injected >= 4
    assert steps(1, 20) == receiver.messages()
    assert (20, 0, 0, 0) == sums()


def test_otlp_what_is_refused_is_counted_and_not_sent_again(receiver: Receiver) -> None:
    """By a whole answer, or a part of one; what comes after is taken."""
    receiver.faults = [lambda request: answer(request, 400)]
    export()
    record(1, 10)
    until(lambda: audit_stats().export_refused == 10)
    assert 1 == receiver.injected
    record(11, 12)
    until(lambda: audit_stats().exported == 2)
    receiver.reject = 1
    record(13, 15)
    until(lambda: sum(sums()[:2]) == 15)
    assert audit_stats().exported == len(receiver.messages()) - (audit_stats().export_refused - 10)
    assert "too old" == audit_stats().export_error
    assert steps(1, 15) == in_the_log()


def test_otlp_endpoint_that_hangs_costs_the_log_nothing(receiver: Receiver) -> None:
    """The log is written meanwhile; what does not fit the outbox is counted; nothing blocks."""
    receiver.faults = [hang(receiver)] * 50
    export(queue_events=100)
    record(1, 50)
    assert flush_audit_log(LIMIT)
    until(lambda: receiver.injected)
    for begin in range(51, 351, 50):
        record(begin, begin + 49)
        assert flush_audit_log(LIMIT)
    assert steps(1, 350) == in_the_log()
    assert (0, 0, 250, 100) == sums()
    assert 0 == audit_stats().dropped
    receiver.faults = []
    receiver.let_go.set()
    until(lambda: sums() == (100, 0, 250, 0))
    assert set(steps(1, 100)) == set(receiver.messages())


def test_otlp_nobody_listens(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is said once, and the log is whole."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")
    monkeypatch.setattr(outbox, "_FIRST_PAUSE_SECONDS", 0.01)
    export()
    record(1, 5)
    until(lambda: audit_stats().export_error)
    record(6, 6)
    assert flush_audit_log(LIMIT)
    assert steps(1, 6) == in_the_log()
    assert 6 == audit_stats().export_waiting
    assert 1 == capfd.readouterr().err.count("records cannot be exported now")


def test_otlp_is_told_when_a_disk_is_full(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the disk refuses arrives elsewhere, and once."""
    refused = threading.Event()

    def refuse(*_: object) -> int:
        refused.set()
        raise OSError(28, "No space left on device")

    export()
    with monkeypatch.context() as patch:
        patch.setattr(recorder.writer.sink, "append", refuse)
        record(1, 5)
        assert refused.wait(LIMIT)
        until(lambda: receiver.messages() == steps(1, 5))
    assert flush_audit_log(LIMIT)
    assert steps(1, 5) == in_the_log()
    until(lambda: len(receiver.messages()) == 6)  # the outage has a record too
    assert steps(1, 5) == [text for text in receiver.messages() if text.startswith("step")]


def test_otlp_secrets_stay_here(receiver: Receiver) -> None:
    """What leaves is what the log has: without secrets."""
    export()
    log_exception("Reading", ValueError("postgres://rosa:hunter2@db/x"))
    until(lambda: receiver.records)
    assert b"hunter2" not in receiver.requests[0].SerializeToString()


def test_otlp_own_logging_is_no_event(receiver: Receiver) -> None:
    """The SDK logs its failures; to record them would give it more to send, for ever."""
    receiver.faults = [unavailable] * 3
    handler = AuditHandler()
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        export()
        record(1, 3)
        until(lambda: audit_stats().exported == 3)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert receiver.injected >= 3
    assert [] == [each for each in written_records() if each["category"] == "log"]


def test_otlp_settings_again_and_again_double_nothing(receiver: Receiver) -> None:
    """An app's script runs at each click, and configures at each run."""

    def page() -> None:
        import streamlit as st

        from datatools_audit import AuditConfig, configure, log_event
        from streamlit_ext import instrument

        configure(AuditConfig(export="otlp"))
        instrument(app="Shop")
        st.button("Go", key="go")
        log_event("step", "drawn")

    app = AppTest.from_function(page).run()
    for _ in range(9):
        app.button(key="go").click().run()
    assert flush_audit_log(LIMIT)
    kept = [str(each["message"]) for each in written_records()]
    until(lambda: len(receiver.messages()) >= len(kept))
    assert kept == receiver.messages()
    assert 10 == kept.count("drawn")
    assert 1 == [t.name for t in threading.enumerate()].count(outbox.THREAD_NAME)


def test_otlp_off_again_ends_it(receiver: Receiver) -> None:
    """Settings without it send nothing more."""
    export()
    record(1, 1)
    until(lambda: receiver.messages() == ["step 1"])
    configure(AuditConfig())
    record(2, 2)
    assert flush_audit_log(LIMIT)
    until(lambda: outbox.THREAD_NAME not in [t.name for t in threading.enumerate()])
    assert ["step 1"] == receiver.messages()


@pytest.fixture
def providers(
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[InMemoryLogRecordExporter, InMemorySpanExporter]:
    """Give an app that has set OpenTelemetry up for itself."""
    logs, spans = InMemoryLogRecordExporter(), InMemorySpanExporter()
    logger_provider = LoggerProvider(shutdown_on_exit=False)
    logger_provider.add_log_record_processor(SimpleLogRecordProcessor(logs))
    tracer_provider = TracerProvider(shutdown_on_exit=False)
    tracer_provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(_logs, "get_logger_provider", lambda: logger_provider)
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: tracer_provider)
    return logs, spans


def test_otlp_of_an_app_with_providers_goes_through_them(
    receiver: Receiver, providers: tuple[InMemoryLogRecordExporter, InMemorySpanExporter]
) -> None:
    """Nothing is set up twice, and nothing is sent by us."""
    logs, spans = providers
    export()
    with audit_action("load"):
        record(1, 2)
    until(lambda: audit_stats().exported == 4)
    assert 4 == len(logs.get_finished_logs())
    assert ["load"] == [span.name for span in spans.get_finished_spans()]
    assert [] == receiver.requests


PROGRAM = """
import os, sys, time
from datatools_audit import AuditConfig, audit_stats, configure, flush_audit_log, log_event
if "opentelemetry" in sys.argv:
    sys.modules["opentelemetry.sdk._logs"] = None
configure(AuditConfig(export="otlp"))
{body}
"""


def run(body: str, without: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(body=body), without],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
    )


def test_otlp_sends_what_waits_when_the_process_ends(receiver: Receiver) -> None:
    """The last event of a script arrives."""
    run(
        "log_event('step', 'step 1')\n"
        "while not audit_stats().exported: time.sleep(0.01)\n"
        "for n in range(2, 6): log_event('step', f'step {n}')"
    )
    assert steps(1, 5) == receiver.messages()


def test_otlp_process_ends_though_the_endpoint_hangs(receiver: Receiver) -> None:
    """Within the two seconds that the log has for it; the log is whole."""
    receiver.faults = [hang(receiver)] * 9
    run("log_event('step', 'step 1'); flush_audit_log(30); time.sleep(1)")
    assert receiver.injected
    assert ["step 1"] == in_the_log()


def test_otlp_child_of_a_fork_sends_its_own(receiver: Receiver) -> None:
    """What waits in the parent is the parent's, and no lock is inherited."""
    body = (
        "log_event('step', 'parent')\nflush_audit_log(30)\n"
        "for _ in range(5):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        log_event('step', 'child')\n"
        "        while not audit_stats().exported: time.sleep(0.01)\n"
        "        sys.exit(0)\n"
        "    assert os.waitpid(child, 0)[1] == 0\n"
    )
    run(body, PYTHONWARNINGS="ignore::DeprecationWarning")
    assert ["child"] * 5 + ["parent"] == sorted(receiver.messages())


def test_otlp_without_the_packages_says_what_to_install(receiver: Receiver) -> None:
    """One sentence; recording goes on."""
    done = run(
        "log_event('step', 'step 1')\n"
        "assert flush_audit_log(30)\n"
        "while not audit_stats().export_error: time.sleep(0.01)\n"
        "log_event('step', 'step 2'); flush_audit_log(30)\n"
        "stats = audit_stats(); print(stats.export_dropped, stats.export_waiting)",
        without="opentelemetry",
    )
    assert "2 0" == done.stdout.strip()
    assert 1 == done.stderr.count("pip install 'datatools-audit[otel]'")
    assert ["step 1", "step 2"] == in_the_log()
    assert [] == receiver.requests
