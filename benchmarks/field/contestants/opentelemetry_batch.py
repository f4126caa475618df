"""OpenTelemetry's BatchLogRecordProcessor before its console exporter, given a file.

Once with its queue of 2,048, which drops without a word in the file, and once with one that
is large enough to lose nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path

LARGE = 1_000_000
DRAIN_MS = 60_000


def start(folder: Path, queue_size: int | None = None) -> Started:
    """Start a provider with one processor."""
    from opentelemetry._logs import SeverityNumber
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, ConsoleLogRecordExporter

    file = (folder / "opentelemetry.jsonl").open("a", encoding="utf-8")
    exporter = ConsoleLogRecordExporter(
        out=file, formatter=lambda record: record.to_json(indent=None) + "\n"
    )
    provider = LoggerProvider()
    provider.add_log_record_processor(BatchLogRecordProcessor(exporter, max_queue_size=queue_size))
    names = {"log": provider.get_logger("field"), "INFO": SeverityNumber.INFO}
    return Started(names, drain=lambda: provider.force_flush(DRAIN_MS), close=provider.shutdown)


DEFAULT_QUEUE = Contestant(
    "otel",
    "the same, default queue",
    "library",
    "log.emit(body=MESSAGE, severity_number=INFO,"
    ' attributes={"category": "upload", "file": FILE, "bytes": n, "ratio": 0.5})',
    start,
    needs=("opentelemetry", "opentelemetry.sdk"),
    imports="import opentelemetry.sdk._logs.export",
)
LARGE_QUEUE = replace(
    DEFAULT_QUEUE,
    name="otel-large",
    title="OpenTelemetry, BatchLogRecordProcessor, queue large enough",
    start=lambda folder: start(folder, LARGE),
)
