"""What the tests of the export to OpenTelemetry share."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from datatools_audit import AuditConfig, audit_stats, configure, log_event
from tests.export.receiver import Receiver, answer
from tests.helpers import LIMIT, written_records

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler


def export(**more: Any) -> None:
    configure(AuditConfig(export="otlp", **more))


def record(first: int, last: int) -> None:
    for number in range(first, last + 1):
        log_event("step", f"step {number}")


def steps(first: int, last: int) -> list[str]:
    return [f"step {number}" for number in range(first, last + 1)]


def in_the_log() -> list[str]:
    return [str(each["message"]) for each in written_records() if each["category"] == "step"]


def arrived(receiver: Receiver) -> list[str]:
    """Return the steps that arrived, without what the log says about itself."""
    return [text for text in receiver.messages() if text.startswith("step")]


def sums() -> tuple[int, int, int, int]:
    """Return what became of the records, and see that it is all of them."""
    told = audit_stats()
    found = told.exported, told.export_refused, told.export_dropped, told.export_waiting
    assert told.export_offered == sum(found)
    return found


def hang(receiver: Receiver) -> Any:
    def fault(_request: BaseHTTPRequestHandler) -> bool:
        receiver.let_go.wait(LIMIT)
        return True

    return fault


def unavailable(request: BaseHTTPRequestHandler) -> bool:
    return answer(request, 503, Retry_After="0")


PROGRAM = """
import os, sys, time
from datatools_audit import *
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
