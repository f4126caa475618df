"""The calls of an app, over the process's one recorder."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, overload

from datatools_audit.banner import banner
from datatools_audit.codes import draw_code
from datatools_audit.config import AuditConfig
from datatools_audit.guard import count_failure, guard
from datatools_audit.paths import without_home
from datatools_audit.record.failure import describe
from datatools_audit.record.text import text_or_type, type_name
from datatools_audit.recorder import recorder
from datatools_audit.redaction.always import use as use_redaction
from datatools_audit.redaction.always import without_secrets
from datatools_audit.writer.spool import local_day, log_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from datatools_audit.context import Session, SessionProvider
    from datatools_audit.redaction.rule import Redaction
    from datatools_audit.writer.stats import AuditStats

_ABSENT = object()
_NOTHING: dict[str, object] = {}
_MARK = "_datatools_audit_recorded"
_CODE = "_datatools_audit_code"
_NOTES = "_datatools_audit_notes"
_PROMISED = "_datatools_audit_promised"


@overload
def log_event(category: str, message: str, *, level: str = "info", **extra: object) -> None: ...
@overload
def log_event(
    category: str, message: str, /, *args: object, level: str = "info", **extra: object
) -> None: ...


def log_event(
    category: object = _ABSENT,
    message: object = _ABSENT,
    /,
    *args: object,
    level: object = "info",
    **extra: object,
) -> None:
    """Queue one event and return in microseconds. Never blocks, never raises.

    Args:
        category: What kind of thing: ``upload``, ``nav``, or a word of the app's own.
        message: One sentence that a person reads.
        args: Recorded under ``args``; there is no use for them.
        level: ``debug``, ``info``, ``warning``, ``error`` or ``critical``.
        extra: Anything, under any name. A name that the record uses itself becomes
            ``extra_<name>``; a value is recorded as it is recorder.

    Threads: any; also signal handlers.
    """
    try:
        if category is _ABSENT:
            category = extra.pop("category", "log")
        if message is _ABSENT:
            message = extra.pop("message", "")
        recorder.event(level, category, message, {"args": args} if args else _NOTHING, extra)
    except Exception as error:
        count_failure("log_event", type(error))


def log_session_start() -> None:
    """Record the banner `Session started`, once per session. Never blocks, never raises."""
    with guard("log_session_start"):
        start_session(recorder.session())


def start_session(session: Session, more: Callable[[], Mapping[str, object]] = dict) -> None:
    """Record the banner of that session, if it has none yet, with more fields of the caller's."""
    if not recorder.records("no-session-start") or next(session.starts) > 0:
        return
    fields = banner(
        audit_log_path(), recorder.app, root=recorder.root, identity=recorder.config.identity
    )
    recorder.emit("info", "session", "Session started", {**fields, **more()}, {}, session)


@overload
def log_page_open(slug: str) -> None: ...
@overload
def log_page_open(slug: str, /, **extra: object) -> None: ...


def log_page_open(slug: object = _ABSENT, /, **extra: object) -> None:
    """Record ``Opened <slug>``, unless the session's last page is that one already.

    Args:
        slug: The page's name in its address.
        extra: Recorded as in ``log_event``.

    Never blocks, never raises. Threads: any.
    """
    with guard("log_page_open"):
        if slug is _ABSENT:
            slug = extra.pop("slug", "")
        name = text_or_type(slug)
        session = recorder.session()
        if not recorder.records("no-page-open") or session.opened == name:
            return
        session.opened = name
        recorder.emit("info", "nav", f"Opened {name}", {"page": name}, extra, session)


@overload
def log_exception(where: str, exc: BaseException, **extra: object) -> None: ...
@overload
def log_exception(where: str, exc: BaseException, /, **extra: object) -> None: ...


def log_exception(where: object = _ABSENT, exc: object = _ABSENT, /, **extra: object) -> None:
    """Record an exception: its type, its text, the app's frames and its causes.

    Args:
        where: What was being done, the first words of the message.
        exc: The exception. Its frames' values are not recorded, nor secrets in its text.
        extra: Recorded as in ``log_event``.

    Never blocks, never raises; what the exception's own ``__str__`` raises is contained.
    Threads: any.
    """
    with guard("log_exception"):
        if where is _ABSENT:
            where = extra.pop("where", "Error")
        if exc is _ABSENT:
            exc = extra.pop("exc", None)
        record_exception(where, exc, extra)


def record_exception(
    where: object, exc: object, extra: dict[str, object], session: Session | None = None
) -> None:
    """Record an exception of that session; see ``log_exception``. May raise."""
    if not recorder.records("no-events"):
        return
    if issubclass(type(exc), BaseException):  # isinstance() would ask a foreign __class__
        error = cast("BaseException", exc)
        fields = describe(error, root=recorder.root, whole_paths=recorder.config.identity)
        fields |= _attributes(error).pop(_NOTES, {})  # type: ignore[call-overload]
        mark_recorded(error)
    else:
        fields = {"exc_type": type_name(exc), "exc_message": "", "traceback": ""}
    first = without_secrets(text_or_type(where))
    first = first if recorder.config.identity else without_home(first)
    message = f"{first}: {fields['exc_type']}: {fields['exc_message']}"
    recorder.emit("error", "error", message, fields, extra, session)


def mark_recorded(exc: BaseException, code: str = "") -> None:
    """Remember on the exception that it has its record, and with which code, for the next one."""
    _attributes(exc)[_MARK] = code
    if code and code != _attributes(exc).pop(_PROMISED, "") and recorder.keeps_codes:
        _attributes(exc)[_CODE] = code


def take_code(exc: BaseException) -> str:
    """Return the code of the exception's record that was neither promised nor taken before.

    An empty text where there is none.
    """
    code = _attributes(exc).pop(_CODE, "")
    return code if isinstance(code, str) else ""


def promise_code(exc: BaseException) -> str:
    """Return the code that the exception's record will have; for who is told of it first."""
    code = _attributes(exc)[_PROMISED] = draw_code()
    return code


def promised_code(exc: BaseException) -> str:
    """Return the code that was promised for the exception's record, or an empty text."""
    code = _attributes(exc).get(_PROMISED, "")
    return code if isinstance(code, str) else ""


def note_for_record(exc: BaseException, **fields: str) -> None:
    """Have the next record of that exception carry these fields too."""
    _attributes(exc)[_NOTES] = fields


def forget_recorded(exc: BaseException) -> str:
    """Take the mark off: the exception's way ends here, and another run may raise it again.

    Returns the code of its record; empty where it has none.
    """
    code = _attributes(exc).pop(_MARK, "")
    return code if isinstance(code, str) else ""


def is_recorded(exc: BaseException) -> bool:
    """Tell whether the exception has its record already."""
    return _MARK in _attributes(exc)


def _attributes(exc: BaseException) -> dict[str, object]:
    found: dict[str, object] = BaseException.__dict__["__dict__"].__get__(exc)
    return found


def audit_log_dir() -> Path:
    """Return the folder of the logs. Touches no disk.

    It is ``DATATOOLS_AUDIT_DIR``, else what was configured, else ``~/.datatools/logs``;
    where the home folder cannot be told, ``datatools-logs-<uid>`` in ``$TMPDIR`` or ``/tmp``.
    """
    return recorder.log_dir()


def audit_log_path() -> Path:
    """Return today's log, by the local date of this moment. Touches no disk."""
    return recorder.log_dir() / log_name(local_day(recorder.now()))


def flush_audit_log(timeout_s: float = 0.5) -> bool:
    """Wait until every event queued before the call is written.

    Args:
        timeout_s: Seconds; it never takes longer.

    Returns:
        True when all are handed to the operating system (with ``fsync`` configured: on
        the disk), or when recording is off. False when time is up.

    Never raises. Threads: any.
    """
    with guard("flush_audit_log"):
        return not recorder.config.enabled or recorder.writer.flush(timeout_s)
    return False


def reset_for_tests() -> None:
    """Start clean: the old writer is gone, its queue with it, and the settings are read anew.

    The old writer writes nothing more once this returns; one that hangs in the disk for
    over five seconds ends at its next step.
    """
    recorder.reset()


def configure(config: AuditConfig | None = None, *, redaction: Redaction | None = None) -> None:
    """Use these settings from now on. Twice is once.

    ``DATATOOLS_AUDIT_DIR``, ``_ENABLED``, ``_TRACE`` and ``_PROBE`` in the environment are
    stronger. Threads: any, but once at the start is the idea.

    Args:
        config: The settings; those in force stay when None.
        redaction: The app's own rules of what is redacted, and what never is; those in force
            stay when None.

    Raises:
        TypeError: It is no ``AuditConfig``, or no ``Redaction``.
    """
    if not isinstance(config, AuditConfig | None) or (config is None and redaction is None):
        raise TypeError(f"configure() takes an AuditConfig, not {type(config).__name__}")
    if redaction is not None:
        use_redaction(redaction)
    if config is not None:
        recorder.configure(config)


def audit_stats() -> AuditStats:
    """Return the recorder's counters of this moment. Threads: any."""
    return recorder.stats()


def set_session_provider(provider: SessionProvider) -> None:
    """Have the session of each record told by that callable; None means the process's own."""
    recorder.provider = provider
