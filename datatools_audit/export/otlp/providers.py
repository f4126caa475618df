"""The SDK's providers: the app's own, or ours where it has none."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opentelemetry import _logs, trace
from opentelemetry._logs._internal import ProxyLoggerProvider
from opentelemetry.sdk import version
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

from datatools_audit.guard import guard

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.sdk.trace.id_generator import IdGenerator

    App = tuple[str | None, str | None]

_NO_LOGS = (ProxyLoggerProvider, _logs.NoOpLoggerProvider)
_NO_SPANS = (trace.ProxyTracerProvider, trace.NoOpTracerProvider)
_TELEMETRY = {
    "telemetry.sdk.language": "python",
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.version": version.__version__,
}


class Kept(LogRecordProcessor):
    """Keeps what the SDK has made of our records until they are sent."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def on_emit(self, log_record: Any) -> None:
        """Keep one."""
        self.records.append(log_record)

    def shutdown(self) -> None:
        """Nothing is to be closed."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 -- the SDK's
        """Nothing waits here."""
        return True


class _Ended(SpanProcessor):
    """Passes on each span that has ended."""

    def __init__(self, offer: Callable[[object], None]) -> None:
        self._offer = offer

    def on_end(self, span: Any) -> None:
        self._offer(span)


def apps_logs() -> Any:
    """Return the app's own provider of loggers, or None where it has set none up."""
    found = _logs.get_logger_provider()
    return None if isinstance(found, _NO_LOGS) else found


def apps_spans() -> Any:
    """Return the app's own provider of tracers, or None where it has set none up."""
    found = trace.get_tracer_provider()
    return None if isinstance(found, _NO_SPANS) else found


def flush(provider: Any) -> None:
    """Have an app's provider send what it was given, if it is one that can."""
    force_flush = getattr(provider, "force_flush", None)
    if force_flush is not None:
        with guard("export flush"):
            force_flush()


def logs_of(resource: Resource, kept: Kept) -> LoggerProvider:
    """Return a provider of loggers of ours."""
    made = LoggerProvider(resource, shutdown_on_exit=False)
    made.add_log_record_processor(kept)
    return made


def spans_of(
    resource: Resource, offer: Callable[[object], None], ids: IdGenerator
) -> trace.TracerProvider:
    """Return a provider of tracers of ours; one that makes none where the variables say so."""
    if os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none":
        return trace.NoOpTracerProvider()
    made = TracerProvider(resource=resource, shutdown_on_exit=False, id_generator=ids)
    made.add_span_processor(_Ended(offer))
    return made


def resource_of(app: App, proc: str, *, with_host: bool) -> Resource:
    """Return who speaks.

    What the SDK's variables say of it is stronger, and what the app's own provider says of
    itself is the strongest: its spans and our records are of one service.
    """
    name, app_version = app
    ours = {
        "service.name": name or Path(sys.argv[0] or "python").stem,
        "service.version": app_version,
        "service.instance.id": proc,
        "host.name": socket.gethostname() if with_host else None,
    }
    known = {name: value for name, value in ours.items() if value is not None}
    said = OTELResourceDetector().detect()
    try:
        made = Resource.create(known).merge(said)
    except RuntimeError:  # the interpreter ends, and it would start threads
        made = Resource({**_TELEMETRY, **known}).merge(said)
    apps = getattr(apps_spans(), "resource", None)
    return made.merge(apps) if isinstance(apps, Resource) else made
