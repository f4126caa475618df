"""Lines → log records of OpenTelemetry; see ``mapping`` for the terms.

Where they go say the SDK's variables, ``OTEL_EXPORTER_OTLP_ENDPOINT`` and its kin. An app that
has a provider of its own has what is recorded go through that one, and nothing is set up twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import _logs, context, trace
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

from datatools_audit._version import __version__
from datatools_audit.export.mapping import mapped
from datatools_audit.export.otlp.answers import Answers, Post
from datatools_audit.export.otlp.providers import (
    Kept,
    apps_logs,
    apps_spans,
    flush,
    logs_of,
    resource_of,
    spans_of,
)
from datatools_audit.export.otlp.spans import Actions, end
from datatools_audit.export.outbox import MOST_SENT
from datatools_audit.export.sender import Sent
from datatools_audit.guard import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datatools_audit.export.mapping import Mapped

    App = tuple[str | None, str | None]

SCOPE = "datatools_audit"


class RecordSender:
    """Sends records as log records, and has actions be spans besides.

    Args:
        app: Returns the app's name and version, as far as they are known.
        proc: The process's id in the records.
        offer_span: Takes each span that has ended, where the app has no provider for them.
        with_host: Returns whether the machine's name is told.
    """

    def __init__(
        self,
        app: Callable[[], App],
        proc: str,
        offer_span: Callable[[object], None],
        *,
        with_host: Callable[[], bool],
    ) -> None:
        self._app, self._proc, self._with_host = app, proc, with_host
        self._offer_span = offer_span
        self._kept, self._actions = Kept(), Actions(proc)
        answers = Answers()
        self._exporter = OTLPLogExporter(session=answers)
        self._post: Post[Any] = Post(self._exporter.export, answers, _rejected)
        self._said: object = None
        self._unflushed = 0

    def prepare(self, lines: Sequence[bytes]) -> tuple[Sent, list[Any]]:
        """Return the SDK's records of these lines; those of an app's own provider are on their way.

        A line of which none can be made is refused.
        """
        logs, spans = apps_logs(), apps_spans()
        self._know_self(spans)
        logger = (logs or self._own_logs).get_logger(SCOPE, __version__)
        tracer = (spans or self._own_spans).get_tracer(SCOPE, __version__)
        self._kept.records.clear()
        self._post.begin()
        made = 0
        for line in lines:
            with guard("export record"):
                self._emit(mapped(line), logger, tracer, is_own=spans is None)
                made += 1
        self._hold_back(made, logs, spans)
        lost = len(lines) - made
        given = 0 if logs is None else made
        settled = Sent(given, lost, "a record could not be made" if lost else None)
        return settled, list(self._kept.records)

    def _hold_back(self, made: int, *apps: Any) -> None:
        """Give an app's providers no more than they hold: the SDK's drop what is beyond 2,048."""
        self._unflushed += made
        if self._unflushed >= MOST_SENT:
            self._unflushed = 0
            for provider in apps:
                flush(provider)

    def _know_self(self, spans: Any) -> None:
        """Have providers that say who the app is; it may say so after the first records."""
        saying = (self._app(), self._with_host(), getattr(spans, "resource", None))
        if self._said != saying:
            resource = resource_of(saying[0], self._proc, with_host=saying[1])
            self._own_logs = logs_of(resource, self._kept)
            self._own_spans = spans_of(resource, self._offer_span, self._actions.ids)
            self._said = saying

    def _emit(self, told: Mapped, logger: Any, tracer: Any, *, is_own: bool) -> None:
        span = None
        with guard("export span"):
            span = self._actions.span(told, tracer, is_own=is_own)
        logger.emit(
            _logs.LogRecord(
                timestamp=told.timestamp,
                context=context.Context() if span is None else trace.set_span_in_context(span),
                severity_text=told.severity_text,
                severity_number=_logs.SeverityNumber(told.severity_number),
                body=told.body,
                attributes=told.attributes,
                event_name=told.event_name,
            )
        )
        if span is not None and told.phase == "end":
            with guard("export span"):
                end(span, told)

    def send(self, prepared: list[Any]) -> Sent:
        """Send it."""
        return self._post.send(prepared)

    def close(self) -> None:
        """Cut a send short."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]


def _rejected(content: bytes) -> tuple[int, str]:
    told = ExportLogsServiceResponse.FromString(content).partial_success
    return told.rejected_log_records, told.error_message
