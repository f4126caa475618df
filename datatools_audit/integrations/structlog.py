"""What is logged through structlog becomes events of category ``log``."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, cast

from datatools_audit.guard import guard
from datatools_audit.handler import AuditHandler
from datatools_audit.logged import record_logged, safe, safe_fields
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from structlog.typing import EventDict, WrappedLogger

_NUMBERS = {
    "debug": 10, "info": 20, "msg": 20, "log": 20, "warn": 30, "warning": 30,
    "err": 40, "error": 40, "exception": 40, "failure": 40, "critical": 50, "fatal": 50,
}  # fmt: skip
_NOT_EXTRA = frozenset(
    "level level_number logger exc_info exception stack_info _record _from_structlog".split()
)
_PLACE = frozenset({"module", "filename", "lineno"})
_MESSAGES = ("event", "message", "msg")
"""What the message is called: as structlog does, or as ``EventRenamer`` has renamed it."""


def audit_processor(logger: WrappedLogger, method_name: str, event_dict: EventDict) -> EventDict:
    """Record what is logged, and hand it on unchanged; a processor for ``structlog.configure``.

    Put it behind ``merge_contextvars`` and ``add_log_level`` and before ``format_exc_info`` and
    the renderer. The event carries ``logger``, what was bound and given as extras, and of a
    logged exception ``exc_type``, ``exc_message`` and ``traceback``; all without secrets,
    values under names such as ``password`` included. ``CallsiteParameterAdder`` makes a ``where``
    of module and line.

    Where structlog ends in ``logging`` and an ``AuditHandler`` is going to hear the same line,
    the handler records it and this does nothing.

    Never blocks, never raises. Threads: any.
    """
    with guard("structlog"):
        if recorder.records("no-events"):
            number = _number(method_name, event_dict)
            if not _is_heard_elsewhere(logger, number):
                _record(logger, number, event_dict)
    return event_dict


def _record(logger: object, number: int, told: Mapping[str, object]) -> None:
    name = told.get("logger") or (logger.name if isinstance(logger, logging.Logger) else None)
    fields: dict[str, object] = {"logger": name if type(name) is str else "structlog"}
    message = next((called for called in _MESSAGES if called in told), "event")
    left_out = _NOT_EXTRA | {message}
    if type(told.get("lineno")) is int:
        file = told.get("module") or told.get("filename")
        fields["where"] = f"{file}:{told['lineno']}"
        left_out |= _PLACE
    extra = {name: value for name, value in told.items() if name not in left_out}
    if type(told.get("exception")) is str:  # formatted before; other forms may hold locals
        extra["exception"] = told["exception"]
    said = safe(told.get(message, ""))
    record_logged(number, said, fields, _exception(told.get("exc_info")), safe_fields(extra))


def _number(method_name: str, told: Mapping[str, object]) -> int:
    if method_name in _NUMBERS and method_name not in ("log", "msg"):
        return _NUMBERS[method_name]
    number, level = told.get("level_number"), told.get("level")
    if type(number) is int:
        return number
    return _NUMBERS.get(level, 20) if type(level) is str else 20


def _exception(told: object) -> BaseException | None:
    """Return the exception that ``exc_info`` means, in each form that structlog takes."""
    several = told if type(told) is tuple else (told,)
    for each in several:
        if issubclass(type(each), BaseException):  # isinstance() would ask a foreign __class__
            return cast("BaseException", each)
    return sys.exc_info()[1] if type(told) in (bool, int) and told else None


def _is_heard_elsewhere(logger: object, number: int) -> bool:
    if not isinstance(logger, logging.Logger) or not logger.isEnabledFor(number):
        return False
    now: logging.Logger | None = logger
    while now is not None:
        if any(isinstance(each, AuditHandler) and number >= each.level for each in now.handlers):
            return True
        now = now.parent if now.propagate else None
    return False
