"""Actions are spans, and an app that has OpenTelemetry already has all go through its own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import orjson
import pytest
from opentelemetry import _logs, trace
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import (
    BatchLogRecordProcessor,
    InMemoryLogRecordExporter,
    SimpleLogRecordProcessor,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from streamlit.testing.v1 import AppTest

from datatools_audit import (
    AuditConfig,
    AuditHandler,
    audit_action,
    audit_stats,
    configure,
    flush_audit_log,
    log_event,
)
from datatools_audit.recorder import recorder
from tests.export.otlp import LIMIT, arrived, export, record, run, steps, sums
from tests.export.receiver import Receiver, until, values
from tests.helpers import written_records
from tests.streamlit_ext.conftest import originals

if TYPE_CHECKING:
    from typing import Any

__all__ = ["originals"]


def hexes(span: Any) -> tuple[str, str]:
    return span.trace_id.hex(), span.span_id.hex()


def test_otlp_actions_are_spans_with_their_parents(receiver: Receiver) -> None:
    """Their times are those of the records, an error is one, and records within name the span."""
    export()

    @audit_action("load", rows=3)
    def load_it() -> None:
        with audit_action("parse") as action:
            record(1, 1)
            action.add(cells=7)
        record(2, 2)
        raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"):
        load_it()
    record(3, 3)
    until(lambda: len(receiver.spans) == 2 and len(receiver.records) == 7)
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
    told = values(load.attributes)
    assert (3, "ValueError") == (told["datatools_audit.rows"], told["error.type"])
    assert 7 == values(parse.attributes)["datatools_audit.cells"]
    within = [load, parse, parse, parse, load, load]
    assert [*map(hexes, within), ("", "")] == [*map(hexes, receiver.records)]
    until(lambda: audit_stats().export_spans.get("sent") == 2)
    assert {"offered": 2, "sent": 2, "refused": 0, "dropped": 0, "waiting": 0} == (
        audit_stats().export_spans
    )


def test_otlp_ids_are_those_of_the_log(receiver: Receiver) -> None:
    """Who has a record finds its span: process and action; the trace is the outermost's, twice."""
    export()
    with audit_action("load"), audit_action("parse"):
        record(1, 1)
    until(lambda: len(receiver.spans) == 2)
    load, parse, step, *_ = written_records()
    ids = [f"{each['proc']}{each['action_id']}" for each in (load, parse, step)]
    spans = {span.name: hexes(span) for span in receiver.spans}
    assert {"load": (ids[0] * 2, ids[0]), "parse": (ids[0] * 2, ids[1])} == spans
    assert ids[1] == ids[2]


def test_otlp_action_that_began_before_is_a_span(receiver: Receiver) -> None:
    """Its end has how long it took; its parent is known by its id."""
    with audit_action("outer"):
        assert flush_audit_log(LIMIT)
        export()
        with audit_action("load"):
            record(1, 1)
    until(lambda: len(receiver.spans) == 2)
    load, outer = receiver.spans
    assert ("load", "outer") == (load.name, outer.name)
    assert (outer.span_id, outer.trace_id) == (load.parent_span_id, load.trace_id)
    assert 0 < load.start_time_unix_nano <= load.end_time_unix_nano


def test_otlp_span_ends_no_sooner_than_it_begins(receiver: Receiver) -> None:
    """A machine's clock may be set back meanwhile."""
    export()
    ids = {"action_id": "0123abcd", "parent_id": None, "category": "load", "level": "info"}
    for phase, day in (("start", 2), ("end", 1)):
        line = {"ts": f"2026-01-0{day}T00:00:00+00:00", "phase": phase, **ids}
        recorder.exporter.offer([orjson.dumps(line)])
    until(lambda: receiver.spans)
    (span,) = receiver.spans
    assert 0 < span.start_time_unix_nano == span.end_time_unix_nano


def test_otlp_records_without_export_are_as_before() -> None:
    """Only where it is on does a record name the action that it is in."""
    with audit_action("load"):
        record(1, 1)
    assert ["action_id" in each for each in written_records()] == [True, False, True]
    export()
    with audit_action("load"):
        log_event("step", "step 2", action_id="mine")
    configure(AuditConfig())
    with audit_action("load"):
        record(3, 3)
    named = [each for each in written_records() if each["category"] == "step"]
    assert ["mine" == each.get("extra_action_id") for each in named] == [False, True, False]
    assert "action_id" not in named[2]


@pytest.mark.parametrize(
    "more", [{"action_id": "no id"}, {"action_id": 7, "parent_id": "x"}, {"action_id": None}]
)
def test_otlp_what_only_looks_like_an_action_is_a_record(
    more: dict[str, object], receiver: Receiver
) -> None:
    """An app may call its extras whatever it likes."""
    export()
    for phase in ("start", "end"):
        log_event("step", f"step {phase}", phase=phase, **more)
    until(lambda: len(receiver.records) == 2)
    assert ["step start", "step end"] == receiver.messages()
    assert [] == receiver.spans


def test_otlp_phase_of_a_record_within_an_action_is_none_of_the_action(receiver: Receiver) -> None:
    """Each action is one span, whatever what happens in it is called."""
    export()
    with audit_action("load"):
        for phase in ("end", "start", "end"):
            log_event("step", f"step {phase}", phase=phase, outcome="error")
        with audit_action("parse"):
            pass
    until(lambda: len(receiver.records) == 7 and len(receiver.spans) >= 2)
    parse, load = receiver.spans
    assert ("parse", "load", 0) == (parse.name, load.name, load.status.code)
    assert load.span_id == parse.parent_span_id


def test_otlp_no_spans_where_the_variables_say_so(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many a system takes logs only; no record names a span then that nobody has."""
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")
    export()
    with audit_action("load"):
        record(1, 1)
    until(lambda: sums() == (3, 0, 0, 0))
    assert [("", "")] * 3 == [*map(hexes, receiver.records)]
    assert ({}, []) == (audit_stats().export_spans, receiver.spans)


def test_otlp_of_a_streamlit_app(receiver: Receiver) -> None:
    """Ten runs of a script that configures each time: each action a span, each record once."""

    def page() -> None:
        import streamlit as st

        from datatools_audit import AuditConfig, configure, log_event
        from streamlit_ext import audit_action, instrument

        configure(AuditConfig(export="otlp"))
        instrument(app="Shop", version="2.1")
        pressed = st.button("Go", key="go")
        with audit_action("analyze"), audit_action("parse"):
            log_event("step", "drawn")
        if pressed:
            raise ValueError("bad cell")

    app = AppTest.from_function(page).run()
    for _ in range(9):
        app.button(key="go").click().run()
    assert flush_audit_log(LIMIT)
    kept = written_records()
    until(lambda: len(receiver.messages()) >= len(kept) and len(receiver.spans) >= 20)
    assert [str(each["message"]) for each in kept] == receiver.messages()
    assert 10 == receiver.messages().count("drawn")
    by_id = {span.span_id: span for span in receiver.spans}
    assert 20 == len(receiver.spans) == len(by_id)
    parents = [
        (span.name, by_id[span.parent_span_id].name if span.parent_span_id else "")
        for span in receiver.spans
    ]
    assert [("parse", "analyze"), ("analyze", "")] * 10 == parents
    errors = [each for each in receiver.records if each.event_name == "datatools_audit.error"]
    assert ["ValueError"] * 9 == [values(e.attributes)["exception.type"] for e in errors]
    (session,) = {each["session"] for each in kept if each["category"] == "step"}
    assert {session} == {values(e.attributes)["session.id"] for e in errors}
    services = {
        values(part.resource.attributes)["service.name"]
        for request in receiver.requests
        for part in request.resource_logs
    }
    assert {"Shop"} == services


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


def test_otlp_of_an_app_with_providers_doubles_nothing(
    receiver: Receiver, providers: tuple[InMemoryLogRecordExporter, InMemorySpanExporter]
) -> None:
    """An app's script runs at each click, and configures at each run."""
    logs, spans = providers
    for number in range(1, 11):
        export()
        with audit_action("load"):
            record(number, number)
        assert flush_audit_log(LIMIT)
    until(lambda: audit_stats().exported == 30)
    assert (30, 10) == (len(logs.get_finished_logs()), len(spans.get_finished_spans()))
    assert [] == receiver.requests


def test_otlp_of_an_app_with_providers_waits_for_them(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A burst is no more at once than their queues hold: what is beyond they drop."""
    logs = InMemoryLogRecordExporter()
    provider = LoggerProvider(shutdown_on_exit=False)
    processor = BatchLogRecordProcessor(logs, 60_000, max_export_batch_size=1_024)
    processor = BatchLogRecordProcessor(logs, 60_000, 1_024, max_queue_size=1_024)
    provider.add_log_record_processor(processor)
    monkeypatch.setattr(_logs, "get_logger_provider", lambda: provider)
    export()
    record(1, 10_000)
    until(lambda: audit_stats().exported == 10_000)
    provider.force_flush()
    assert steps(1, 10_000) == [each.log_record.body for each in logs.get_finished_logs()]
    provider.shutdown()


def test_otlp_of_an_app_with_tracers_only_is_of_one_service(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its spans and our records have one name, and the records name its spans."""
    spans = InMemorySpanExporter()
    provider = TracerProvider(
        resource=Resource({"service.name": "checkout"}), shutdown_on_exit=False
    )
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    export()
    with audit_action("load"):
        record(1, 1)
    until(lambda: sums() == (3, 0, 0, 0))
    (span,) = spans.get_finished_spans()
    whole = values(receiver.requests[0].resource_logs[0].resource.attributes)
    assert "checkout" == whole["service.name"]
    assert {format(span.context.span_id, "016x")} == {hexes(each)[1] for each in receiver.records}
    assert [] == receiver.spans


GUEST = """
from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
provider = LoggerProvider()
provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
set_logger_provider(provider)
for n in range(1, 6): log_event('step', f'step {n}')
time.sleep(0.05)
"""


def test_otlp_of_an_app_with_providers_is_handed_over_before_they_close(
    receiver: Receiver,
) -> None:
    """They close in a handler of `atexit` that runs before ours."""
    run(GUEST)
    assert steps(1, 5) == receiver.messages()


def test_otlp_apps_own_exporter_is_not_recorded(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it logs would be recorded, and exported, and logged, for ever."""
    provider = LoggerProvider(shutdown_on_exit=False)
    processor = BatchLogRecordProcessor(OTLPLogExporter(), schedule_delay_millis=10)
    provider.add_log_record_processor(processor)
    monkeypatch.setattr(_logs, "get_logger_provider", lambda: provider)
    handler, root = AuditHandler(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        export()
        for number in range(1, 6):
            record(number, number)
            until(lambda n=number: arrived(receiver) == steps(1, n))
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        provider.shutdown()
    assert steps(1, 5) == receiver.messages()
