"""The spans of actions: their ids are those of the records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)

from datatools_audit.export.otlp.answers import Answers, Post
from datatools_audit.export.sender import Sent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.export.mapping import Mapped

_MOST_OPEN = 10_000
_ID = re.compile(r"[0-9a-f]{8}").fullmatch
_OF_ONE_RECORD = frozenset({"datatools_audit.phase", "datatools_audit.seq"})


class Ids(IdGenerator):
    """Gives a span the ids of its action: ``proc`` and ``action_id``, as they are in the log.

    The trace's is that of its outermost action's span, twice.
    """

    def __init__(self) -> None:
        self.span = self.root = 1

    def generate_span_id(self) -> int:
        """Return the one that is set."""
        return self.span

    def generate_trace_id(self) -> int:
        """Return the one that is set."""
        return self.root << 64 | self.root

    def is_trace_id_random(self) -> bool:
        """Say no: the half that samplers look at is, and that is enough for them."""
        return False


class Actions:
    """Makes a span of each action that the records tell of.

    Threads: one.
    """

    def __init__(self, proc: str) -> None:
        self.ids = Ids()
        self._proc = proc
        self._open: dict[str, tuple[Any, str]] = {}

    def span(self, told: Mapped, tracer: Any, *, is_own: bool) -> Any:
        """Return the span of the action that a record belongs to, or None.

        Args:
            told: The record. A start begins the span; so does an end whose start has not come.
            tracer: Of the provider in force.
            is_own: Whether that is ours, which gives the ids that we want.
        """
        record = told.record
        action = record.get("action_id")
        if not (isinstance(action, str) and _ID(action)):
            return None
        if told.phase == "start":
            while len(self._open) >= _MOST_OPEN:
                del self._open[next(iter(self._open))]
            self._open[action] = self._begun(action, told, tracer, told.timestamp, is_own=is_own)
        elif told.phase == "end":
            began = told.timestamp - _nanoseconds(record.get("duration_ms"))
            found = self._open.pop(action, None) or self._begun(
                action, told, tracer, max(0, began), is_own=is_own
            )
            return found[0]
        return self._open[action][0] if action in self._open else None

    def _begun(
        self, action: str, told: Mapped, tracer: Any, began: int, *, is_own: bool
    ) -> tuple[Any, str]:
        parent = told.record.get("parent_id")
        around, root = self._open.get(str(parent), (None, action))
        if around is None and is_own and isinstance(parent, str) and _ID(parent):
            root = parent  # it began before the export did
            sampled = TraceFlags(TraceFlags.SAMPLED)  # else the sampler leaves out what is within
            known = SpanContext(
                self._trace(root), self._number(parent), is_remote=False, trace_flags=sampled
            )
            around = NonRecordingSpan(known)
        self.ids.span, self.ids.root = self._number(action), self._number(root)
        span = tracer.start_span(
            str(told.record.get("category")),
            context=context.Context() if around is None else trace.set_span_in_context(around),
            kind=SpanKind.INTERNAL,
            attributes=_lasting(told),
            start_time=began or None,
        )
        return span, root

    def _number(self, action: str) -> int:
        return int(self._proc + action, 16) or 1

    def _trace(self, root: str) -> int:
        return self._number(root) << 64 | self._number(root)


def end(span: Any, told: Mapped) -> None:
    """End a span by the record of its action's end."""
    for name, value in _lasting(told).items():
        span.set_attribute(name, value)
    if told.record.get("outcome") == "error":
        span.set_attribute("error.type", str(told.record.get("exc_type")))
        span.set_status(Status(StatusCode.ERROR, str(told.record.get("exc_message") or "")))
    began = getattr(span, "start_time", None) or 0
    span.end(max(told.timestamp, began) or None)  # a clock may be set back


def _lasting(told: Mapped) -> dict[str, Any]:
    return {k: v for k, v in told.attributes.items() if k not in _OF_ONE_RECORD}


def _nanoseconds(duration_ms: object) -> int:
    return int(duration_ms * 1_000_000) if isinstance(duration_ms, int | float) else 0


class SpanSender:
    """Sends spans."""

    def __init__(self) -> None:
        answers = Answers()
        self._exporter = OTLPSpanExporter(session=answers)
        self._post: Post[Any] = Post(self._exporter.export, answers, _rejected)

    def prepare(self, spans: Sequence[Any]) -> tuple[Sent, list[Any]]:
        """Return them: all are to be sent."""
        self._post.begin()
        return Sent(), list(spans)

    def send(self, prepared: list[Any]) -> Sent:
        """Send them."""
        return self._post.send(prepared)

    def close(self) -> None:
        """Cut a send short."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]


def _rejected(content: bytes) -> tuple[int, str]:
    told = ExportTraceServiceResponse.FromString(content).partial_success
    return told.rejected_spans, told.error_message
