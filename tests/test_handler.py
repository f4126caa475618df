"""What is logged through the standard library becomes events."""

from __future__ import annotations

import logging
import logging.config
import logging.handlers
import queue

import pytest

import datatools_audit as audit
from datatools_audit import AuditHandler
from datatools_audit.context import Session
from datatools_audit.record.encode import RESERVED
from datatools_audit.recorder import recorder
from tests.helpers import written_records


@pytest.fixture
def logger() -> logging.Logger:
    """Give a logger of which ours is the only handler: pytest's own raises what it meets."""
    made = logging.Logger("tests.handler")
    made.addHandler(AuditHandler())
    return made


def last() -> dict[str, object]:
    return written_records()[-1]


def test_handler_records_an_event(logger: logging.Logger) -> None:
    """Category, formatted message, logger's name and place."""
    logger.warning("read %d rows of %s", 5, "x.csv")
    found = last()
    assert tuple(found[name] for name in ("level", "category", "message", "logger")) == (
        "warning",
        "log",
        "read 5 rows of x.csv",
        "tests.handler",
    )
    assert str(found["where"]).startswith("test_handler:")
    assert ["logger", "where"] == list(found)[7:]


@pytest.mark.parametrize(
    ("number", "level"),
    [
        (5, "debug"),
        (10, "debug"),
        (20, "info"),
        (25, "info"),
        (30, "warning"),
        (35, "warning"),
        (40, "error"),
        (50, "critical"),
        (99, "critical"),
    ],
)
def test_handler_translates_levels(logger: logging.Logger, number: int, level: str) -> None:
    """A level in between is the lower one; what is below is ``debug``."""
    logger.log(number, "x")
    assert level == last()["level"]


def test_handler_records_extras(logger: logging.Logger) -> None:
    """What was given as ``extra`` stands in the record, converted as everywhere."""
    logger.info("x", extra={"rows": 5, "data": b"abc", "none": None})
    found = last()
    assert (5, {"bytes": 3}, None) == (found["rows"], found["data"], found["none"])


@pytest.mark.parametrize("name", sorted(RESERVED - {"message"} | {"logger", "where"}))
def test_handler_keeps_a_taken_name(logger: logging.Logger, name: str) -> None:
    """An extra named like a field of ours becomes ``extra_<name>``."""
    logger.info("said", extra={name: "mine"})
    found = last()
    assert ("said", "mine") == (found["message"], found["extra_" + name])


def test_handler_takes_an_extra_called_self(logger: logging.Logger) -> None:
    """No name is one of Python's."""
    logger.info("x", extra={"self": 1, "record": 2})
    assert (1, 2) == (last()["self"], last()["record"])


def test_handler_records_an_exception(logger: logging.Logger) -> None:
    """A logged exception has its type, text and frames, as ``log_exception`` has."""
    try:
        raise KeyError("x")
    except KeyError:
        logger.exception("failed")
    found = last()
    assert tuple(found[name] for name in ("level", "message", "exc_type", "exc_message")) == (
        "error",
        "failed",
        "KeyError",
        "'x'",
    )
    assert "in test_handler_records_an_exception" in str(found["traceback"])


@pytest.mark.parametrize("exc_info", [True, False, None, (None, None, None)])
def test_handler_takes_exc_info_without_an_exception(
    logger: logging.Logger, exc_info: object
) -> None:
    """Asked for an exception where there is none, it is an event without one."""
    logger.error("x", exc_info=exc_info)  # type: ignore[arg-type]
    assert ("x", False) == (last()["message"], "exc_type" in last())


def test_handler_takes_an_exception_as_exc_info(logger: logging.Logger) -> None:
    """``exc_info=error`` names the exception itself."""
    logger.info("x", exc_info=ValueError("bad"))
    assert ("info", "ValueError") == (last()["level"], last()["exc_type"])


@pytest.mark.parametrize(
    ("message", "args"),
    [("%d", ("x",)), ("%s %s", (1,)), ("%s", (1, 2)), ("%(a)s", (1,)), ("%", (1,)), ("%q", (1,))],
)
def test_handler_keeps_what_cannot_be_formatted(
    logger: logging.Logger, message: str, args: tuple[object, ...]
) -> None:
    """Arguments that do not fit raise nothing, and the event is there with its message."""
    logger.info(message, *args)
    logger.info("next")
    first, second = [str(r["message"]) for r in written_records()]
    assert (message in first, second) == (True, "next")


def test_handler_contains_what_an_argument_raises(logger: logging.Logger) -> None:
    """An argument whose text cannot be had raises nothing into the app."""

    class Meta(type):
        @property
        def __name__(cls) -> str:
            raise RuntimeError

    class OddError(Exception, metaclass=Meta):
        pass

    class Bad:
        def __str__(self) -> str:
            raise OddError

    logger.info("%s", Bad())
    logger.info("next")
    assert "next" == last()["message"]


@pytest.mark.parametrize(
    "message", [None, 5, b"x", {"a": 1}, ["x"], "a\udc80\x1b[2J", "x" * 99_999]
)
def test_handler_takes_any_message(logger: logging.Logger, message: object) -> None:
    """What is logged need not be a text."""
    logger.info(message)
    assert isinstance(last()["message"], str)


def test_handler_takes_a_record_made_by_hand() -> None:
    """A record that came over a queue or a socket has few attributes of its own."""
    AuditHandler().handle(logging.makeLogRecord({"msg": "made", "levelno": 30, "rows": 5}))
    assert ("made", "warning", 5) == (last()["message"], last()["level"], last()["rows"])


def test_handler_works_behind_a_queue(logger: logging.Logger) -> None:
    """The standard library's queue hands records on to it."""
    waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    front = logging.handlers.QueueHandler(waiting)
    front.handle(logging.makeLogRecord({"msg": "%d rows", "args": (5,), "levelno": 20}))
    AuditHandler().handle(waiting.get_nowait())
    assert "5 rows" == last()["message"]


def test_handler_at_two_loggers_makes_one_event_of_a_line(logger: logging.Logger) -> None:
    """A line goes on to the loggers above, and each may have the handler; the next is another."""
    below = logging.Logger("tests.handler.below")
    below.parent = logger
    below.addHandler(AuditHandler(level=logging.WARNING))
    for _ in range(2):
        below.warning("said")
    below.info("under the level of the handler below")
    logger.warning("above")
    expected = ["said", "said", "under the level of the handler below", "above"]
    assert expected == [record["message"] for record in written_records()]


def test_handler_respects_its_level() -> None:
    """A level and a filter of the handler work as for any other."""
    handler = AuditHandler(level=logging.ERROR)
    logger = logging.Logger("tests.handler")
    logger.addHandler(handler)
    logger.warning("below")
    logger.error("above")
    assert ["above"] == [r["message"] for r in written_records()]


def test_handler_can_be_configured_by_a_dictionary() -> None:
    """``dictConfig`` builds it by its public name."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"audit": {"class": "datatools_audit.AuditHandler", "level": "WARNING"}},
            "loggers": {"tests.configured": {"handlers": ["audit"], "propagate": False}},
        }
    )
    logging.getLogger("tests.configured").warning("configured")
    assert "configured" == last()["message"]
    logging.getLogger("tests.configured").handlers.clear()


def test_handler_belongs_to_the_session(
    logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log line in a session is that session's, with its page."""
    session = Session(page="home")
    monkeypatch.setattr(recorder, "provider", lambda: session)
    logger.info("x", extra={"page": "mine"})
    assert (session.id, "home", "mine") == tuple(
        last()[name] for name in ("session", "page", "extra_page")
    )


def test_handler_is_silent_while_recording_is_off(
    logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With recording off nothing is formatted and nothing is written."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    audit.reset_for_tests()
    logger.info("x")
    assert [] == written_records()


@pytest.mark.parametrize("identity", [True, False])
def test_handler_shows_the_home_folder_only_where_it_may(
    logger: logging.Logger, monkeypatch: pytest.MonkeyPatch, *, identity: bool
) -> None:
    """In the message, and in arguments that do not fit it."""
    monkeypatch.setenv("HOME", "/home/zorro")
    audit.configure(audit.AuditConfig(identity=identity))
    shown = "/home/zorro" if identity else "~"
    logger.warning("cannot read %s", "/home/zorro/x.csv")
    assert f"cannot read {shown}/x.csv" == last()["message"]
    logger.warning("in /home/zorro: %d", "/home/zorro/x.csv")
    found = last()
    assert (f"in {shown}: %d", [f"{shown}/x.csv"]) == (found["message"], found["args"])


@pytest.mark.parametrize("identity", [True, False])
def test_log_exception_shows_the_home_folder_only_where_it_may(
    monkeypatch: pytest.MonkeyPatch, *, identity: bool
) -> None:
    """In what was being done too."""
    monkeypatch.setenv("HOME", "/home/zorro")
    audit.configure(audit.AuditConfig(identity=identity))
    audit.log_exception("Reading /home/zorro/x.csv", ValueError("bad"))
    shown = "/home/zorro" if identity else "~"
    assert f"Reading {shown}/x.csv: ValueError: bad" == last()["message"]
