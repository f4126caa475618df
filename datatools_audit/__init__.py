"""The flight recorder's core: events into a queue, one worker to the disk."""

from typing import TYPE_CHECKING

from datatools_audit._later import later
from datatools_audit._version import __version__
from datatools_audit.action import Action, audit_action
from datatools_audit.api import (
    audit_log_dir,
    audit_log_path,
    audit_stats,
    configure,
    flush_audit_log,
    log_event,
    log_exception,
    log_page_open,
    log_session_start,
    reset_for_tests,
)
from datatools_audit.config import AuditConfig
from datatools_audit.errors import AuditError, ConfigError, ReadError
from datatools_audit.handler import AuditHandler
from datatools_audit.writer.stats import AuditStats

if TYPE_CHECKING:
    from datatools_audit.reading.reader import Record, read_events
    from datatools_audit.redaction.rule import Redaction, Rule
else:
    _READER = f"{__name__}.reading.reader"
    _RULE = f"{__name__}.redaction.rule"
    __getattr__ = later(
        __name__,
        {"Record": _READER, "read_events": _READER, "Redaction": _RULE, "Rule": _RULE},
    )

__all__ = [
    "Action",
    "AuditConfig",
    "AuditError",
    "AuditHandler",
    "AuditStats",
    "ConfigError",
    "ReadError",
    "Record",
    "Redaction",
    "Rule",
    "__version__",
    "audit_action",
    "audit_log_dir",
    "audit_log_path",
    "audit_stats",
    "configure",
    "flush_audit_log",
    "log_event",
    "log_exception",
    "log_page_open",
    "log_session_start",
    "read_events",
    "reset_for_tests",
]
