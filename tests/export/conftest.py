"""A log system for the tests of the export to OpenTelemetry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from datatools_audit.export import outbox
from tests.export.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator


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
