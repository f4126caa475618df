"""A log system that speaks OTLP over HTTP, and can be made to misbehave."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SECONDS = 60
Fault = Callable[[BaseHTTPRequestHandler], bool]
"""Does something to a request; tells whether it was answered."""


class Receiver:
    """Takes log records and spans, as protobuf, and keeps them.

    Attributes:
        requests: Each request for logs that was taken.
        spans: Each span that was taken.
        faults: What is done to the requests for logs, the first to the first; then all is well.
        span_fault: What is done to each request for spans.
        injected: How many faults there were.
        reject: How many records of each request are refused, though it is taken.
        why: Why that is so.
        after: What is done to a request for logs that was taken, instead of an answer.
    """

    def __init__(self) -> None:
        self.requests: list[ExportLogsServiceRequest] = []
        self.spans: list[Any] = []
        self.faults: list[Fault] = []
        self.span_fault: Fault = lambda _request: False
        self.injected = 0
        self.reject = 0
        self.why = "too old"
        self.after: Fault = lambda _request: False
        self.let_go = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver.take(self)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def take(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if request.path == "/v1/traces":
            if self.span_fault(request):
                return
            for part in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.spans += [span for scope in part.scope_spans for span in scope.spans]
            answer(request, 200)
            return
        if self.faults:
            fault = self.faults.pop(0)
            self.injected += 1
            if fault(request):
                return
        self.requests.append(ExportLogsServiceRequest.FromString(body))
        if self.after(request):
            return
        told = ExportLogsServiceResponse()
        if self.reject:
            told.partial_success.rejected_log_records = self.reject
            told.partial_success.error_message = self.why
        answer(request, 200, told.SerializeToString())

    @property
    def records(self) -> list[Any]:
        return [
            record
            for request in self.requests
            for part in request.resource_logs
            for scope in part.scope_logs
            for record in scope.log_records
        ]

    def messages(self) -> list[str]:
        return [record.body.string_value for record in self.records]

    def close(self) -> None:
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()


def answer(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> bool:
    """Answer a request; tell that it is answered."""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Type", "application/x-protobuf")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
    return True


def until(ask: Callable[[], object]) -> None:
    """Wait until the answer is true in Python's sense."""
    deadline = time.monotonic() + SECONDS
    while not (said := ask()):
        assert time.monotonic() < deadline, f"still {said!r}"
        time.sleep(0.01)


def values(attributes: Any) -> dict[str, Any]:
    """Return attributes as a mapping."""
    return {
        each.key: getattr(each.value, str(each.value.WhichOneof("value"))) for each in attributes
    }
