"""What somebody's logger was told becomes an event of category ``log``."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from datatools_audit.paths import without_home
from datatools_audit.record.failure import describe
from datatools_audit.record.text import text_or_type
from datatools_audit.recorder import recorder
from datatools_audit.redaction.always import redacted, without_secrets
from datatools_audit.redaction.fields import is_told, rule_of

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

_LEVELS = ((50, "critical"), (40, "error"), (30, "warning"), (20, "info"))
_SECRETS: Container[str | None] = {"password", "secret", "token", "authorization", "cookie"}
_MOST_DEPTH = 4
_MOST_ITEMS = 1_000


def level_of(number: int) -> str:
    """Return our level for a number of ``logging``; one in between is the lower one."""
    return next((name for least, name in _LEVELS if number >= least), "debug")


def record_logged(
    number: int,
    message: object,
    fields: Mapping[str, object],
    exc: BaseException | None,
    extra: Mapping[str, object],
) -> None:
    """Record what was logged. May raise.

    Args:
        number: Its level as ``logging`` counts.
        message: As it was logged, without secrets.
        fields: ``logger`` and, where it is known, ``where``.
        exc: The exception that was logged, if one was.
        extra: What was given besides.
    """
    if exc is not None:
        described = describe(exc, root=recorder.root, whole_paths=recorder.config.identity)
        fields = {**fields, **described}
    recorder.emit(level_of(number), "log", message, fields, extra)


def safe_fields(fields: Mapping[str, object]) -> dict[str, object]:
    """Return named values without secrets, by what they look like and by what they are called.

    For loggers to whom a message is its fields: ``log.info("signed in", password=…)``.
    """
    found: dict[str, object] = {}
    for name, value in fields.items():
        text = text_or_type(name)
        found[text] = safe(value, rule_of(text))
    return found


def safe(value: object, rule: str | None = None, depth: int = 0) -> object:
    """Return a value with the secrets in its texts replaced, in plain containers too.

    Anything else, also what lies deeper than four containers, stays as it is.

    Args:
        value: Anything; of a container the first thousand items.
        rule: What the name of its field says that it is.
        depth: How many containers it is in.
    """
    kind = type(value)
    if issubclass(kind, str):
        return _safe_text(str.__str__(value), rule)
    if kind in (int, float) and rule in _SECRETS and is_told(str(rule), value):  # type: ignore[arg-type]
        return _put(rule)
    if depth >= _MOST_DEPTH:
        return value
    if kind is dict:
        return _safe_items(value, rule, depth)  # type: ignore[arg-type]
    if kind in (list, tuple):
        some = [safe(each, rule, depth + 1) for each in value[:_MOST_ITEMS]]  # type: ignore[index]
        return some + _more(len(value))  # type: ignore[arg-type]
    return value


def _safe_text(text: str, rule: str | None) -> str:
    if rule in _SECRETS and text:
        return _put(rule)
    found = without_secrets(text)
    return found if recorder.config.identity else without_home(found)


def _put(rule: str | None) -> str:
    redacted()[str(rule)] += 1
    return f"<{rule}>"


def _safe_items(
    items: Mapping[object, object], rule: str | None, depth: int
) -> dict[object, object]:
    found = {
        name: safe(each, (rule_of(name) if type(name) is str else None) or rule, depth + 1)
        for name, each in islice(items.items(), _MOST_ITEMS)
    }
    return found | dict.fromkeys(_more(len(items)))


def _more(count: int) -> list[object]:
    return [f"{count - _MOST_ITEMS} more"] if count > _MOST_ITEMS else []
