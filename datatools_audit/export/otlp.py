"""Lines → OpenTelemetry, by its own SDK over OTLP/HTTP; see ``mapping`` for the terms.

Where it goes say the SDK's variables, ``OTEL_EXPORTER_OTLP_ENDPOINT`` and its kin. An app that
has a provider of its own has what is recorded go through that one, and nothing is set up twice.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import requests
from opentelemetry import _logs, context, trace
from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk._logs.export import LogRecordExportResult
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

from datatools_audit._version import __version__
from datatools_audit.export.mapping import attribute, mapped
from datatools_audit.export.outbox import Sent
from datatools_audit.guard import guard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.export.mapping import Mapped

SCOPE = "datatools_audit"
_MOST_OPEN = 10_000
_MOST_SPANS = 2_048
_AGAIN = frozenset({408, 429})
"""Answers of 4xx after which the same may be sent again."""


class _Kept(LogRecordProcessor):
    """Keeps what the SDK has made of our records until they are sent."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def on_emit(self, log_record: Any) -> None:
        self.records.append(log_record)

    def shutdown(self) -> None: ...

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 -- the SDK's
        return True


class _KeptSpans(SpanProcessor):
    """Likewise for spans that have ended."""

    def __init__(self) -> None:
        self.spans: list[Any] = []

    def on_end(self, span: Any) -> None:
        self.spans.append(span)
        del self.spans[:-_MOST_SPANS]


class _Answers:
    """Hears what the other side answers, which the SDK's exporter does not tell."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.refused = 0
        self.said = ""
        self.session = requests.Session()
        self.session.hooks["response"].append(self._hear)

    def forget(self) -> None:
        self.status, self.refused, self.said = None, 0, ""

    def _hear(self, response: requests.Response, *_: object, **__: object) -> None:
        self.status, self.said = response.status_code, f"HTTP {response.status_code}"
        if response.ok and response.content:
            with guard("export answer"):
                told = ExportLogsServiceResponse.FromString(response.content).partial_success
                self.refused = told.rejected_log_records
                self.said = told.error_message or self.said


class OtlpSender:
    """Sends records as log records, and actions as spans besides.

    Args:
        app: The app's name and version, as far as they are known.
        proc: The process's id in the records.
        with_host: Whether the machine's name is told.
    """

    def __init__(self, app: tuple[str | None, str | None], proc: str, *, with_host: bool) -> None:
        context.attach(context.set_value(_SUPPRESS_INSTRUMENTATION_KEY, value=True))
        resource = _resource(app, proc, with_host=with_host)
        self._kept, self._kept_spans, self._answers = _Kept(), _KeptSpans(), _Answers()
        self._own_logs = LoggerProvider(resource, shutdown_on_exit=False)
        self._own_logs.add_log_record_processor(self._kept)
        self._own_spans = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._own_spans.add_span_processor(self._kept_spans)
        self._exporter = OTLPLogExporter(session=self._answers.session)
        self._span_exporter = OTLPSpanExporter()
        self._open: dict[str, Any] = {}
        self._given = self._lost = 0

    def prepare(self, lines: Sequence[bytes]) -> list[Any]:
        """Return the SDK's records of these lines; those of an app's own provider are on their way.

        A line whose record cannot be made is None.
        """
        app_logs, app_spans = _logs.get_logger_provider(), trace.get_tracer_provider()
        logs = app_logs if isinstance(app_logs, LoggerProvider) else self._own_logs
        spans = app_spans if isinstance(app_spans, TracerProvider) else self._own_spans
        logger, tracer = logs.get_logger(SCOPE, __version__), spans.get_tracer(SCOPE, __version__)
        self._kept.records.clear()
        self._lost = 0
        for line in lines:
            made = False
            with guard("export record"):
                self._emit(mapped(line), logger, tracer)
                made = True
            self._lost += not made
        self._given = 0 if logs is self._own_logs else len(lines) - self._lost
        return list(self._kept.records)

    def _emit(self, told: Mapped, logger: Any, tracer: Any) -> None:
        span = self._span(told, tracer)
        within = context.Context() if span is None else trace.set_span_in_context(span)
        logger.emit(
            _logs.LogRecord(
                timestamp=told.timestamp,
                context=within,
                severity_text=told.severity_text,
                severity_number=_logs.SeverityNumber(told.severity_number),
                body=told.body,
                attributes=told.attributes,
                event_name=told.event_name,
            )
        )
        if span is not None and told.record.get("phase") == "end":
            _end(span, told)

    def _span(self, told: Mapped, tracer: Any) -> Any:
        """Return the span of the action that a record belongs to; begun by its start."""
        action = told.record.get("action_id")
        if not isinstance(action, str):
            return None
        if told.record.get("phase") == "start":
            parent = self._open.get(str(told.record.get("parent_id")))
            if len(self._open) >= _MOST_OPEN:
                self._open.pop(next(iter(self._open)))
            self._open[action] = tracer.start_span(
                str(told.record.get("category")),
                context=trace.set_span_in_context(parent) if parent else context.Context(),
                kind=SpanKind.INTERNAL,
                attributes=told.attributes,
                start_time=told.timestamp or None,
            )
        if told.record.get("phase") == "end":
            return self._open.pop(action, None)
        return self._open.get(action)

    def send(self, prepared: list[Any]) -> Sent:
        """Send it. An answer that may be another one later is no answer."""
        taken, refused = self._given, self._lost
        self._given = self._lost = 0
        error = "a record could not be made" if refused else None
        if prepared:
            self._answers.forget()
            result = self._exporter.export(prepared)
            status, rejected = self._answers.status, self._answers.refused
            if result is LogRecordExportResult.SUCCESS:
                taken += len(prepared) - rejected
                refused += rejected
                error = self._answers.said if rejected else error
            elif status is not None and 400 <= status < 500 and status not in _AGAIN:
                refused += len(prepared)
                error = self._answers.said
            else:
                return Sent(taken, refused, self._answers.said or "nobody answers")
            prepared.clear()
        self._send_spans()
        return Sent(taken, refused, error)

    def _send_spans(self) -> None:
        """Send the spans that have ended; those that cannot be sent wait for the next batch."""
        spans = self._kept_spans.spans
        if spans:
            some = list(spans)
            if self._span_exporter.export(some) is SpanExportResult.SUCCESS:
                del spans[: len(some)]

    def close(self) -> None:
        """Cut a send short."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]
        self._span_exporter.shutdown()  # type: ignore[no-untyped-call]


def _end(span: Any, told: Mapped) -> None:
    for name in ("outcome", "duration_ms", "exc_type", "exc_message"):
        if (value := told.record.get(name)) is not None:
            span.set_attribute(f"datatools_audit.{name}", attribute(value))
    if told.record.get("outcome") == "error":
        span.set_status(Status(StatusCode.ERROR, str(told.record.get("exc_message") or "")))
    span.end(told.timestamp or None)


def _resource(app: tuple[str | None, str | None], proc: str, *, with_host: bool) -> Resource:
    """Return who speaks; what the SDK's variables say of it is stronger."""
    name, version = app
    ours = {
        "service.name": name or "streamlit",
        "service.version": version,
        "service.instance.id": proc,
        "host.name": socket.gethostname() if with_host else None,
    }
    said = OTELResourceDetector().detect().attributes
    return Resource.create({**{k: v for k, v in ours.items() if v is not None}, **said})
