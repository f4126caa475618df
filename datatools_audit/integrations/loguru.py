"""What is logged through loguru becomes events of category ``log``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.guard import guard
from datatools_audit.logged import record_logged, safe, safe_fields
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from loguru import Message


def audit_sink(message: Message) -> None:
    """Record what is logged; a sink for ``logger.add(audit_sink, format="{message}")``.

    The event carries ``logger`` (the module's name), ``where`` (module and line), what was bound
    or contextualized as extras, and of a logged exception ``exc_type``, ``exc_message`` and
    ``traceback``, whatever loguru's ``diagnose`` is; all without secrets, values under names
    such as ``password`` included. Do not add it with ``enqueue=True``: another thread would
    have lost whose session it was.

    Never blocks, never raises. Threads: any.
    """
    with guard("loguru"):
        if recorder.records("no-events"):
            told = message.record
            raised = told["exception"]
            record_logged(
                told["level"].no,
                safe(told["message"]),
                {"logger": told["name"] or "", "where": f"{told['module']}:{told['line']}"},
                raised.value if raised is not None else None,
                safe_fields(dict(told["extra"])),
            )
