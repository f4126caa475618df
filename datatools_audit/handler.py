"""What the app and its libraries log through the standard library becomes events."""

from __future__ import annotations

import logging

from datatools_audit.guard import guard
from datatools_audit.paths import without_home
from datatools_audit.record.failure import describe
from datatools_audit.recorder import recorder
from datatools_audit.redaction.always import without_secrets_inside

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_LOOPS = "watchdog"  # it tells of each write to a watched folder, and so of each of our own
_LEVELS = ((50, "critical"), (40, "error"), (30, "warning"), (20, "info"))


class AuditHandler(logging.Handler):
    """A handler whose records become events of category ``log``.

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
            if not recorder.records("no-events") or str(record.name).startswith(_LOOPS):
                return
            fields: dict[str, object] = {
                "logger": record.name,
                "where": f"{record.module}:{record.lineno}",
            }
            exc = record.exc_info[1] if record.exc_info else None
            if exc is not None:
                whole = recorder.config.identity
                fields |= describe(exc, root=recorder.root, whole_paths=whole)
            extra = {k: v for k, v in vars(record).items() if k not in _STANDARD}
            level = next((name for least, name in _LEVELS if record.levelno >= least), "debug")
            recorder.emit(level, "log", _message(record, extra), fields, extra)


def _message(record: logging.LogRecord, extra: dict[str, object]) -> object:
    """Return the formatted message; where the arguments do not fit, both as they are."""
    also = None if recorder.config.identity else without_home
    try:
        message: object = record.getMessage()
    except Exception:
        extra["args"] = without_secrets_inside(record.args, also)
        message = record.msg
    return without_secrets_inside(message, also)
