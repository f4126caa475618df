"""What is logged through structlog is an event, once, with what was bound to it."""

from __future__ import annotations

import asyncio
import io
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest
import structlog

import datatools_audit as audit
from datatools_audit import AuditConfig, AuditHandler
from datatools_audit.integrations.structlog import audit_processor
from tests.integrations.hostile import OddError, Raising, cyclic
from tests.integrations.together import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatools_audit.testing import CapturedEvents


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """Set structlog up as its documentation does, with our processor; give what it prints."""
    out = io.StringIO()
    structlog.contextvars.clear_contextvars()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            audit_processor,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(default=lambda _: "?"),
        ],
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    yield out
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def log(printed: io.StringIO) -> Any:
    """Give a logger of structlog's."""
    return structlog.get_logger()


def test_structlog_event_is_an_event(
    log: Any, printed: io.StringIO, audit_events: CapturedEvents
) -> None:
    """Level, message and extras; and the chain goes on with all that it had."""
    log.bind(order=7).warning("Paid", amount=3.5, tags=("a", "b"))
    found = audit_events.one(category="log", level="warning", message="Paid", logger="structlog")
    assert {"order": 7, "amount": 3.5, "tags": ["a", "b"]}.items() <= found.items()
    assert '"event": "Paid"' in printed.getvalue()
    assert '"level": "warning"' in printed.getvalue()


@pytest.mark.parametrize(
    ("method", "level"),
    [
        ("debug", "debug"),
        ("info", "info"),
        ("msg", "info"),
        ("warning", "warning"),
        ("warn", "warning"),
        ("error", "error"),
        ("exception", "error"),
        ("critical", "critical"),
        ("fatal", "critical"),
    ],
)
def test_structlog_levels(log: Any, audit_events: CapturedEvents, method: str, level: str) -> None:
    """Each method has its level; ``exception`` outside of an error is an event without one."""
    getattr(log, method)("said")
    assert level == audit_events.one(message="said")["level"]


def test_structlog_level_by_number(audit_events: CapturedEvents) -> None:
    """``log(30, …)`` of a filtering logger, which structlog translates."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(10),
        processors=[structlog.processors.add_log_level, audit_processor, drop],
    )
    structlog.get_logger().log(30, "said")
    structlog.get_logger().log(5, "below")
    structlog.reset_defaults()
    assert ["warning"] == [event["level"] for event in audit_events]


def drop(*_: object) -> Any:
    raise structlog.DropEvent


def test_structlog_may_end_in_the_recorder(audit_events: CapturedEvents) -> None:
    """Where nothing is to be printed the chain ends behind our processor."""
    structlog.configure(processors=[audit_processor, drop])
    structlog.get_logger().info("said")
    structlog.reset_defaults()
    assert ["said"] == audit_events.messages("log")


@pytest.mark.parametrize("name", ["message", "msg"])
def test_structlog_message_that_was_renamed(audit_events: CapturedEvents, name: str) -> None:
    """As services do that take it under another name; it is no extra then."""
    rename = structlog.processors.EventRenamer(name)
    structlog.configure(processors=[rename, audit_processor, drop])
    structlog.get_logger().info("said", order=7)
    structlog.reset_defaults()
    found = audit_events.one(message="said", order=7)
    assert {name, f"extra_{name}"}.isdisjoint(found.keys() - {"message"})


@pytest.mark.parametrize("form", ["exception", "true", "instance", "tuple"])
def test_structlog_exception(log: Any, audit_events: CapturedEvents, form: str) -> None:
    """In each form that structlog takes: type, text without secrets, the app's frames; once."""
    try:
        raise ValueError("bad password=hunter22")
    except ValueError as error:
        given: dict[str, object] = {
            "exception": None,
            "true": True,
            "instance": error,
            "tuple": (ValueError, error, error.__traceback__),
        }
        if form == "exception":
            log.exception("Failed")
        else:
            log.error("Failed", exc_info=given[form])
    found = audit_events.one()
    assert ("ValueError", "bad password=<password>") == (found["exc_type"], found["exc_message"])
    assert "in test_structlog_exception" in str(found["traceback"])
    assert {"exc_info", "exception"}.isdisjoint(found)


def test_structlog_traceback_made_before_holds_no_locals(audit_events: CapturedEvents) -> None:
    """What a processor before ours has made of the exception: its text, and no frames' values."""
    for renderer in (
        structlog.processors.format_exc_info,
        structlog.processors.dict_tracebacks,
    ):
        structlog.configure(processors=[renderer, audit_processor, drop])
        secret = "hunter22"  # noqa: F841 -- a value that dict_tracebacks takes along
        try:
            raise LookupError("broken")
        except LookupError:
            structlog.get_logger().exception("Failed")
    structlog.reset_defaults()
    assert [True, False] == ["exception" in event for event in audit_events]
    assert "'hunter22'" not in str([event.raw for event in audit_events])


def test_structlog_context_of_each_task(log: Any, audit_events: CapturedEvents) -> None:
    """What is bound to a context goes with that context's events only."""

    async def request(number: int) -> None:
        structlog.contextvars.bind_contextvars(request=number)
        await asyncio.sleep(0)
        log.info("Served", expected=number)

    serve(20, request)
    assert 20 == len(audit_events)
    assert [] == [event for event in audit_events if event["request"] != event["expected"]]


def test_structlog_secrets(log: Any, audit_events: CapturedEvents) -> None:
    """By what they look like and by the name they are under, nested too; the app keeps its own."""
    headers = {"Authorization": "Basic abc", "Accept": "text/html"}
    log.info("Token is Bearer abcdefghijklmnop1234", password="hunter22", headers=headers, pin=[1])
    found = audit_events.one()
    assert {"Authorization": "<authorization>", "Accept": "text/html"} == found["headers"]
    assert ("<password>", [1]) == (found["password"], found["pin"])
    assert "abcdefghijklmnop1234" not in str(found.raw)
    assert "Basic abc" == headers["Authorization"]


@pytest.mark.parametrize("identity", [True, False])
def test_structlog_home(
    log: Any, audit_events: CapturedEvents, monkeypatch: pytest.MonkeyPatch, *, identity: bool
) -> None:
    """The home folder stands in message and fields only where it may."""
    monkeypatch.setenv("HOME", "/home/zorro")
    audit.configure(AuditConfig(identity=identity))
    log.info("Read /home/zorro/x.csv", path="/home/zorro/x.csv")
    assert identity == (b"zorro" in audit_events.one().raw)


def test_structlog_hostile_values(audit_events: CapturedEvents) -> None:
    """Nothing is raised into the app, no foreign method runs, and the event is there."""
    structlog.configure(processors=[audit_processor, drop])
    log = structlog.get_logger()
    log.info("1", odd=Raising(), cycle=cyclic(), exc_info=Raising(), level=Raising())
    log.info(Raising())
    log.error("3", exc_info=OddError())
    log.info("4", many=list(range(5000)), **{"": 1, "event_id": 2, "x" * 999: 3, "seq": 4})
    structlog.reset_defaults()
    assert ["1", "Raising", "3", "4"] == audit_events.messages("log")
    assert "Raising" == audit_events[0]["odd"]
    assert {} == audit.audit_stats().internal_failures
    assert (4, "4000 more") == (audit_events[3]["extra_seq"], audit_events[3]["many"][-1])  # type: ignore[index]


def test_structlog_place(audit_events: CapturedEvents) -> None:
    """``CallsiteParameterAdder`` tells where it was logged."""
    place = structlog.processors.CallsiteParameterAdder(
        {
            structlog.processors.CallsiteParameter.MODULE,
            structlog.processors.CallsiteParameter.LINENO,
        }
    )
    structlog.configure(processors=[place, audit_processor, drop])
    structlog.get_logger().info("said")
    structlog.reset_defaults()
    found = audit_events.one()
    assert str(found["where"]).startswith("test_structlog:")
    assert "lineno" not in found


@pytest.mark.parametrize("form", ["rendered", "for the formatter"])
@pytest.mark.parametrize("handler", [True, False])
def test_structlog_over_logging_is_recorded_once(
    audit_events: CapturedEvents, form: str, *, handler: bool
) -> None:
    """By the handler where there is one, else by the processor; with fields and exception."""
    stdlib = logging.getLogger("tests.structlog")
    stdlib.propagate = False
    stdlib.setLevel(logging.INFO)
    stdlib.handlers = [AuditHandler(level=logging.WARNING)] if handler else [logging.NullHandler()]
    last = {
        "rendered": structlog.stdlib.render_to_log_kwargs,
        "for the formatter": structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    }[form]
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, audit_processor, last],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    log = structlog.get_logger("tests.structlog")
    try:
        raise LookupError("broken")
    except LookupError:
        log.exception("Failed", order=7)
    log.info("Below the handler's level", order=8)
    structlog.reset_defaults()
    stdlib.handlers = []
    assert ["Failed", "Below the handler's level"] == audit_events.messages("log")
    found = audit_events[0]
    assert ("error", 7, "LookupError") == (found["level"], found["order"], found["exc_type"])
    assert {"tests.structlog"} == {event["logger"] for event in audit_events}
    assert not {name for name in found if name.startswith("_") or name == "exc_info"}


def test_structlog_without_recording(
    log: Any, printed: io.StringIO, audit_events: CapturedEvents
) -> None:
    """Switched off, the chain goes on and nothing is made of it."""
    audit.configure(AuditConfig(enabled=False))
    log.info("said")
    assert ([], True) == (list(audit_events), "said" in printed.getvalue())


def test_structlog_from_threads_loses_and_doubles_nothing(
    log: Any, audit_events: CapturedEvents
) -> None:
    """As many events as were logged, each once."""
    threads = [
        threading.Thread(target=lambda n=n: [log.info("x", n=n * 250 + i) for i in range(250)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(range(1000)) == sorted(event["n"] for event in audit_events)  # type: ignore[type-var]
