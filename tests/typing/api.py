"""Uses the whole public API as an app would; checked by ``mypy --strict``, not run."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import assert_type

import loguru
import sentry_sdk
import structlog

import datatools_audit
from datatools_audit import (
    Action,
    AuditConfig,
    AuditError,
    AuditHandler,
    AuditStats,
    ConfigError,
    ReadError,
    Record,
    Redaction,
    Rule,
    audit_action,
    audit_log_dir,
    audit_log_path,
    audit_stats,
    configure,
    flush_audit_log,
    log_event,
    log_exception,
    log_page_open,
    log_session_start,
    read_events,
    reset_for_tests,
)
from datatools_audit.integrations.loguru import audit_sink
from datatools_audit.integrations.sentry import audit_before_send
from datatools_audit.integrations.structlog import audit_processor
from datatools_audit.testing import CapturedEvents, capture_events

# Events, in every form of call that the contract has.
log_event("upload", "Uploaded x.csv")
log_event("upload", "Uploaded x.csv", level="warning", filename="x.csv", rows=3, owner=None)
log_event("upload", message="Uploaded x.csv")
log_event(category="upload", message="Uploaded x.csv", level="error", frame=object())
log_event("upload", "Uploaded x.csv", self=1, ts=2, session=3)
log_event("upload", "Uploaded x.csv", category="mine", message="mine")
log_session_start()
log_page_open("upload")
log_page_open(slug="upload")
log_page_open("upload", slug="mine", source="menu")
log_exception("Loading", ValueError())
log_exception("Loading", KeyboardInterrupt(), support_code="ABC", traceback="mine")
log_exception(where="Loading", exc=ValueError(), rows=3)
log_exception("Loading", ValueError(), where="mine", exc="mine")

# What has to be refused.
log_event(1, "message")  # type: ignore[call-overload]
log_event("category")  # type: ignore[call-overload]
log_event("category", "message", level=30)  # type: ignore[call-overload]
log_page_open(5)  # type: ignore[call-overload]
log_exception("where", "text")  # type: ignore[call-overload]
audit_action(5)  # type: ignore[call-overload]
flush_audit_log("long")  # type: ignore[arg-type]
configure({"enabled": True})  # type: ignore[arg-type]

# Actions.
with audit_action("analyze", rows=3, name="mine") as action:
    assert_type(action, Action)
    action.add(rows=5, self=1)
assert_type(audit_action(name="analyze"), Action)


@audit_action("double")
def double(number: int, *, times: int = 2) -> int:
    return number * times


@audit_action("fetch")
async def fetch(url: str) -> bytes:
    async with audit_action("inside") as inner:
        assert_type(inner, Action)
    return url.encode()


async def use() -> None:
    assert_type(double(2, times=3), int)
    assert_type(await fetch("x"), bytes)
    double("2")  # type: ignore[arg-type]
    await fetch(5)  # type: ignore[arg-type]


def divide(by: int) -> float:
    with audit_action("divide"):
        return 1 / by  # an action swallows nothing, so there is no way past this


# Settings.
config = AuditConfig(
    dir=Path("logs"),
    enabled=True,
    trace=False,
    probe="full",
    queue_events=1000,
    queue_bytes=1 << 20,
    retention_days=7,
    folder_bytes=1 << 30,
    fsync=False,
    identity=False,
)
configure(config)
customers = Rule("customer", r"C-\d{4}", always=True, valid=str.isascii, hints=("c-",))
configure(config, redaction=Redaction(rules=(customers,), allow=("C-0000",), built_in=True))
configure(redaction=Redaction())
config.enabled = False  # type: ignore[misc]
assert_type(AuditConfig.from_env(), AuditConfig)
assert_type(AuditConfig.from_env(print), AuditConfig)
assert_type(config.dir, Path | None)

# Paths, flush, counters.
assert_type(audit_log_dir(), Path)
assert_type(audit_log_path(), Path)
assert_type(flush_audit_log(), bool)
assert_type(flush_audit_log(timeout_s=2), bool)
reset_for_tests()
stats = audit_stats()
assert_type(stats, AuditStats)
counters: tuple[int, ...] = (
    stats.queued,
    stats.written,
    stats.dropped,
    stats.failed_writes,
    stats.queue_depth,
    stats.queue_bytes,
    stats.written_bytes,
    *stats.dropped_reasons.values(),
    *stats.internal_failures.values(),
    *stats.redacted.values(),
)
assert_type(stats.last_error, str | None)
assert_type(stats.last_write, float | None)
assert_type(stats.failing_since, float | None)
assert_type(stats.writer_alive and stats.enabled, bool)

# The standard library's logging.
handler: logging.Handler = AuditHandler(level=logging.WARNING)
logging.getLogger().addHandler(handler)

# Reading.
assert_type(read_events("x.jsonl"), Iterator[Record])
try:
    for record in read_events([Path("logs"), "y.jsonl.gz"]):
        assert_type(record["message"], object)
        assert_type(record.raw, bytes)
        assert_type(record.source, Path)
        assert_type(record.offset, int)
        if record.problem == "torn":
            continue
        values: dict[str, object] = record
except ReadError as error:
    failure: AuditError = error
errors: tuple[type[AuditError], ...] = (ConfigError, ReadError)
value_error: type[ValueError] = ConfigError
assert_type(datatools_audit.__version__, str)

# Tests of an app, and other loggers.
with capture_events() as events:
    assert_type(events, CapturedEvents)
    assert_type(events.one(category="upload", filename=re.compile("a")), Record)
    assert_type(events.some(level={"error"}), list[Record])
    assert_type(events.messages("widget"), list[str])
    assert_type(events.steps(), list[str])
    assert_type(events[0], Record)
    assert_type(events[1:], list[Record])
    events.none(category="error", self=1)
sentry_sdk.init(dsn="", before_send=audit_before_send())
sentry_sdk.init(before_send=audit_before_send(lambda event, hint: None, most_steps=5))
loguru.logger.add(audit_sink, format="{message}")
structlog.configure(processors=[audit_processor])
