"""What the app and its libraries log through the standard library becomes events."""

from __future__ import annotations

import logging
import threading
import weakref

from datatools_audit.export.outbox import THREAD_NAME as EXPORT_THREAD
from datatools_audit.guard import guard
from datatools_audit.logged import record_logged, safe_fields
from datatools_audit.paths import without_home
from datatools_audit.recorder import recorder
from datatools_audit.redaction.always import without_secrets_inside

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_OF_STRUCTLOG = {"_logger", "_name", "_record", "_from_structlog"}
_TOLD_ELSEWHERE = {"event", "level", "level_number", "logger", "exc_info", *_OF_STRUCTLOG}
_LOOPS = "watchdog"  # it tells of each write to a watched folder, and so of each of our own

_GUESTS = "OtelBatch"  # threads of an app's own OpenTelemetry, through which our records go

_this_thread = threading.local()


class AuditHandler(logging.Handler):
    """A handler whose records become events of category ``log``.

    At several loggers on one way to the root, it makes one event of a line.

    An event carries ``logger``, ``where`` (module and line), what was given as ``extra``,
    and for a logged exception ``exc_type``, ``exc_message`` and ``traceback``. Message and
    exception are without secrets and, unless configured so, without the home folder; extras
    are recorded as they were given.

    Example: ``logging.getLogger().addHandler(AuditHandler(level=logging.WARNING))``.

    Never blocks, never raises. Threads: any.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the record as an event."""
        with guard("AuditHandler"):
            if not recorder.records("no-events") or _is_ours(record) or _is_heard(record):
                return
            fields = {"logger": record.name, "where": f"{record.module}:{record.lineno}"}
            exc = record.exc_info[1] if record.exc_info else None
            extra = {k: v for k, v in vars(record).items() if k not in _STANDARD}
            record_logged(record.levelno, _message(record, extra), fields, exc, extra)


def _is_heard(record: logging.LogRecord) -> bool:
    """Tell whether a handler of ours at a logger below has just had that very record."""
    last = getattr(_this_thread, "last", None)
    if last is not None and last() is record:
        return True
    _this_thread.last = weakref.ref(record)
    return False


def _is_ours(record: logging.LogRecord) -> bool:
    """Tell whether it was logged because something was recorded, and would go on for ever."""
    if str(record.name).startswith(_LOOPS):
        return True
    thread = str(record.threadName)
    return thread.startswith(EXPORT_THREAD) or (
        thread.startswith(_GUESTS) and bool(recorder.config.export)
    )


def _message(record: logging.LogRecord, extra: dict[str, object]) -> object:
    """Return the formatted message; where the arguments do not fit, both as they are."""
    also = None if recorder.config.identity else without_home
    told: object = record.msg
    if type(told) is dict and "event" in told:  # structlog's, for its own formatter to render
        for name in _OF_STRUCTLOG:
            extra.pop(name, None)
        extra |= safe_fields({k: v for k, v in told.items() if k not in _TOLD_ELSEWHERE})
        return without_secrets_inside(told["event"], also)
    try:
        message: object = record.getMessage()
    except Exception:
        extra["args"] = without_secrets_inside(record.args, also)
        message = record.msg
    return without_secrets_inside(message, also)
