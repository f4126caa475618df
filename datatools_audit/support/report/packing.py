"""Sessions and steps as the compact JSON that the page's script reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from datatools_audit.record import strict
from datatools_audit.record.levels import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datatools_audit.support.report.model import Report
    from datatools_audit.support.report.shown import Session, Shown

FIELDS = (
    *("number", "after_ms", "level", "category", "depth", "times", "gap_seconds"),
    *("verb", "subject", "rest", "traceback", "codes"),
)
"""The numbers of a step, one behind the other.

``after_ms`` is since the session's first moment, -1 where there is none; ``level`` is a place in
``LEVELS``; ``category`` and the last five are places in ``texts``, whose first is empty. Each
text stands there once.
"""
_ACTS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def packed(report: Report) -> str:
    """Return JSON that may stand inside of a script element: it has no ``<``, ``>`` and ``&``.

    Returns:
        ``offset_ms`` of the zone, ``levels``, ``fields``, ``texts``, and ``sessions``: ``id``,
        ``app``, ``user``, ``browser``, ``first`` and ``last`` (milliseconds), ``events``,
        ``earlier``, ``errors`` and ``steps``: the numbers of all its steps.
    """
    texts = _Texts()
    told = {
        "offset_ms": report.zone.offset_seconds * 1000,
        "levels": LEVELS,
        "fields": FIELDS,
        "sessions": [_session(session, texts) for session in report.sessions],
        "texts": texts.all,
    }
    return strict.escaped(orjson.dumps(told)).decode().translate(_ACTS)


class _Texts:
    """Gives each distinct text a number."""

    def __init__(self) -> None:
        self._places = {"": 0}

    @property
    def all(self) -> list[str]:
        return list(self._places)

    def place(self, text: str) -> int:
        return self._places.setdefault(text, len(self._places))


def _session(session: Session, texts: _Texts) -> dict[str, object]:
    return {
        "id": session.session,
        "app": session.app,
        "user": session.user,
        "browser": session.browser,
        "first": session.first_ms,
        "last": session.last_ms,
        "events": session.events,
        "earlier": session.earlier,
        "errors": session.errors,
        "steps": list(_numbers(session.steps, session.first_ms or 0, texts)),
    }


def _numbers(steps: Sequence[Shown], first_ms: int, texts: _Texts) -> Iterator[int]:
    for step in steps:
        yield step.number
        yield -1 if step.ms is None else max(0, step.ms - first_ms)
        yield LEVELS.index(step.level)
        yield texts.place(step.category)
        yield step.depth
        yield step.times
        yield round(step.gap_seconds)
        yield texts.place(step.verb)
        yield texts.place(step.subject)
        yield texts.place(step.rest)
        yield texts.place(step.traceback)
        yield texts.place(" ".join(step.codes))
