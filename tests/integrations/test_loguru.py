"""What is logged through loguru is an event, once, with what was bound to it."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest
from loguru import logger

import datatools_audit as audit
from datatools_audit import AuditConfig
from datatools_audit.integrations.loguru import audit_sink
from tests.integrations.hostile import OddError, Raising, cyclic
from tests.integrations.together import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatools_audit.testing import CapturedEvents


@pytest.fixture(autouse=True)
def sink() -> Iterator[None]:
    """Have our sink alone, as the recipe says."""
    logger.remove()
    number = logger.add(audit_sink, format="{message}", level=0, catch=False)
    yield
    logger.remove(number)


def test_loguru_event_is_an_event(audit_events: CapturedEvents) -> None:
    """Level, formatted message, logger, place, what was bound and what was given."""
    logger.bind(order=7).warning("Paid {amount}", amount=3.5)
    found = audit_events.one(category="log", level="warning", message="Paid 3.5")
    assert (__name__, 7, 3.5) == (found["logger"], found["order"], found["amount"])
    assert str(found["where"]).startswith("test_loguru:")


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("TRACE", "debug"),
        ("DEBUG", "debug"),
        ("INFO", "info"),
        ("SUCCESS", "info"),
        ("WARNING", "warning"),
        ("ERROR", "error"),
        ("CRITICAL", "critical"),
        (45, "error"),
    ],
)
def test_loguru_levels(audit_events: CapturedEvents, name: str | int, level: str) -> None:
    """Its own levels, and numbers in between."""
    logger.log(name, "said")
    assert level == audit_events.one()["level"]


def test_loguru_exception(audit_events: CapturedEvents) -> None:
    """Type, text without secrets and the app's frames; no local's value, though loguru has it."""
    secret = "hunter22"
    try:
        raise ValueError(f"bad password={secret}")
    except ValueError:
        logger.exception("Failed")
    found = audit_events.one(level="error", message="Failed")
    assert ("ValueError", "bad password=<password>") == (found["exc_type"], found["exc_message"])
    assert "in test_loguru_exception" in str(found["traceback"])
    assert b"hunter22" not in found.raw


def test_loguru_catch(audit_events: CapturedEvents) -> None:
    """What its decorator has caught is one event."""

    @logger.catch
    def work() -> None:
        raise LookupError("broken")

    work()
    assert "LookupError" == audit_events.one(category="log")["exc_type"]


def test_loguru_context_of_each_task(audit_events: CapturedEvents) -> None:
    """What a context has goes with that context's events only."""

    async def request(number: int) -> None:
        with logger.contextualize(request=number):
            await asyncio.sleep(0)
            logger.info("Served", expected=number)

    serve(20, request)
    assert 20 == len(audit_events)
    assert [] == [event for event in audit_events if event["request"] != event["expected"]]


def test_loguru_secrets(audit_events: CapturedEvents) -> None:
    """By what they look like and by the name they are under."""
    logger.bind(password="hunter22", url="https://ann:hunter22@example.org").info("pw=hunter22")
    found = audit_events.one()
    assert "<password>" == found["password"]
    assert b"hunter22" not in found.raw


def test_loguru_hostile_values(audit_events: CapturedEvents) -> None:
    """Nothing is raised into the app, no foreign method runs, and the event is there."""
    logger.bind(odd=Raising(), cycle=cyclic(), seq=5).info("1")
    logger.opt(exception=OddError()).error("2")
    logger.info("{}\x1b[2J\n", "3")
    assert ["1", "2", "3\x1b[2J\n"] == audit_events.messages("log")
    assert ("Raising", 5) == (audit_events[0]["odd"], audit_events[0]["extra_seq"])
    assert {} == audit.audit_stats().internal_failures


def test_loguru_failure_of_ours_is_counted_and_stays_here(audit_events: CapturedEvents) -> None:
    """A message that is none raises nothing and logs nothing, so nothing goes round in circles."""
    audit_sink(cast("Any", "no message of loguru's"))
    assert {"loguru: AttributeError": 1} == audit.audit_stats().internal_failures
    assert [] == list(audit_events)


def test_loguru_hears_logging_once_where_it_intercepts(audit_events: CapturedEvents) -> None:
    """The handler of loguru's documentation brings the standard library's lines, each once."""

    class InterceptHandler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logger.opt(exception=record.exc_info).log(record.levelno, record.getMessage())

    stdlib = logging.Logger("tests.loguru")
    stdlib.addHandler(InterceptHandler())
    stdlib.warning("%d rows", 5)
    assert ["5 rows"] == audit_events.messages("log", level="warning")


def test_loguru_without_recording(audit_events: CapturedEvents) -> None:
    """Switched off, nothing is made of it."""
    audit.configure(AuditConfig(enabled=False))
    logger.info("said")
    assert [] == list(audit_events)


def test_loguru_from_threads_loses_and_doubles_nothing(audit_events: CapturedEvents) -> None:
    """As many events as were logged, each once."""
    threads = [
        threading.Thread(target=lambda n=n: [logger.info("x", n=n * 250 + i) for i in range(250)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(range(1000)) == sorted(event["n"] for event in audit_events)  # type: ignore[type-var]
