"""Events for Sentry that say which error of ours they are and what was done before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datatools_audit._process import known
from datatools_audit.api import is_recorded, note_for_record, promise_code, take_code
from datatools_audit.guard import guard
from datatools_audit.integrations.recent import recent_lines
from datatools_audit.reading.ordering import moment_of
from datatools_audit.reading.steps import steps
from datatools_audit.recorder import recorder
from datatools_audit.redaction.redactor import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sentry_sdk.types import Event, Hint

    from datatools_audit.integrations.recent import RecentLines
    from datatools_audit.reading.reader import Record

    BeforeSend = Callable[[Event, Hint], Event | None]

_LEVELS = {"critical": "fatal"}
_OWN_BUSINESS = "log"  # what is logged Sentry hears by itself


def audit_before_send(before_send: BeforeSend | None = None, *, most_steps: int = 20) -> BeforeSend:
    """Return a ``before_send`` for ``sentry_sdk.init``.

    To each event it adds the tags ``audit_session``, our id of the session, and, of an
    exception that nobody has caught, ``support_code``; and as breadcrumbs what was done in the
    session, step by step in plain words, redacted as in a support bundle. An exception that
    Sentry has first gets the event's id into its record, as ``sentry_event``.

    The steps come from memory: from this call on the newest hundred lines of each of the latest
    sessions are kept. Of a session that is not recorded nothing is added.

    Args:
        before_send: The app's own, which has the last word.
        most_steps: How many steps at most.

    Never raises but what the app's own does. Threads: any.
    """
    lines = recent_lines()
    recorder.keeps_codes = True

    def enriched(event: Event, hint: Hint) -> Event | None:
        to_come: BaseException | None = None
        with guard("sentry"):
            if not recorder.session().muted and recorder.is_recording:
                to_come = _enrich(event, hint, lines, most_steps)
        sent = before_send(event, hint) if before_send is not None else event
        with guard("sentry"):
            if to_come is not None and sent is not None:
                note_for_record(to_come, sentry_event=sent["event_id"])
        return sent

    return enriched


def _enrich(event: Any, hint: Hint, lines: RecentLines, most_steps: int) -> BaseException | None:
    """Add what was done in the session, and the code of the exception's record.

    Returns the exception if it may have its record behind this.
    """
    session = recorder.session()
    exc = (hint.get("exc_info") or (None, None))[1]
    code = "" if exc is None else take_code(exc)
    to_come = exc if not code and exc is not None and not is_recorded(exc) else None
    if to_come is not None and _is_about_to_be_recorded(event, hint):
        code = promise_code(to_come)
    tags = event.setdefault("tags", {})
    tags["audit_session"] = session.id
    if code:
        tags["support_code"] = code
    values = event.setdefault("breadcrumbs", {}).setdefault("values", [])
    values += list(_breadcrumbs(lines.of(session.id), code, most_steps))
    values.sort(key=_moment)
    return to_come


def _is_about_to_be_recorded(event: Any, hint: Hint) -> bool:
    """Tell whether nobody has caught it, and Sentry hears of it before a hook of ours does.

    So it is where Streamlit logs it, and at the end of a thread.
    """
    found = known("observers")  # of the layer above ours, where an app has one
    observers = found if isinstance(found, dict) else {}
    logger = getattr(hint.get("log_record"), "name", None)
    if isinstance(logger, str) and logger.startswith("streamlit."):
        return "errors" in observers
    (*_, told) = event.get("exception", {}).get("values") or [{}]
    return "threads" in observers and (told.get("mechanism") or {}).get("type") == "threading"


def _breadcrumbs(records: list[Record], code: str, most: int) -> Iterator[dict[str, object]]:
    """Yield the steps as Sentry has them, but for the error that the event is about."""
    redactor = Redactor()
    told = [
        redactor.record(record)
        for record in records
        if record["category"] != _OWN_BUSINESS and not (code and record.get("support_code") == code)
    ]
    alive = {str(record["proc"]) for record in records}
    for step in steps(told, alive=alive)[-most:]:
        yield {
            "type": "default",
            "category": f"audit.{step.records[0]['category']}",
            "level": _LEVELS.get(step.level, step.level),
            "message": step.text,
            "timestamp": step.ts,
        }


def _moment(breadcrumb: dict[str, object]) -> float:
    told = breadcrumb.get("timestamp")
    return float(told) if isinstance(told, int | float) else moment_of(told) or 0.0
