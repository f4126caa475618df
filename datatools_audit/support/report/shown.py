"""The sessions of a report and their steps: what is shown of them, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from datatools_audit.reading.ordering import moment_of, text
from datatools_audit.reading.steps import steps
from datatools_audit.reading.wording import clean, lines_of
from datatools_audit.record.levels import ERRORS
from datatools_audit.support.report.gathering import is_banner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from datatools_audit.reading.steps import Step
    from datatools_audit.support.report.gathering import Gathering

    Record = Mapping[str, object]
    Redact = Callable[[Record], dict[str, object]]

LONG_GAP_SECONDS = 10.0
_MOST_CODES = 20
_MOST_SAID = 4_000
_PHASES = ("start", "end")
_BROWSER = ("browser", "locale", "theme")


@dataclass(frozen=True, slots=True)
class Shown:
    """One step as it is shown.

    Attributes:
        number: From 1 on, within its session.
        ms: When it began, milliseconds since the epoch; None where that is unknown.
        verb: See ``steps.Step``; so are ``subject``, ``rest``, ``depth``, ``times``, ``level``
            and ``traceback``.
        gap_seconds: Seconds since what happened before, where it was long; else 0.
        duration_ms: How long it took, milliseconds; None for a moment.
        category: Of its first record.
        codes: The support codes in it.
        exc_type: The type of the exception that it tells of; or empty.
        is_error: Whether it tells of an error; an action that failed by one does not.
        said: What a person has reported, all of it, with its line breaks; or empty.
        about: The support code of the error that a person's report is about; or empty.
    """

    number: int
    ms: int | None
    verb: str
    subject: str
    rest: str
    depth: int
    times: int
    gap_seconds: float
    duration_ms: float | None
    level: str
    category: str
    traceback: str
    codes: tuple[str, ...]
    exc_type: str
    is_error: bool
    said: str
    about: str

    @property
    def text(self) -> str:
        """The step as one plain sentence."""
        named = " ".join(filter(None, [self.verb, self.subject]))
        return named + (f" ×{self.times}" if self.times > 1 else "") + self.rest  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Session:
    """One session as it is shown.

    Attributes:
        session: Its id.
        app: Name and version of the app; or empty.
        user: The pseudonym that has signed in; or empty.
        browser: Family, language and theme of the browser; or empty.
        first_ms: When its first record was made, milliseconds since the epoch; None where
            that is unknown.
        last_ms: Likewise the last.
        events: How many records its steps are made of.
        earlier: How many came before these and are told no more.
        errors: How many errors its steps tell of.
        steps: They.
    """

    session: str
    app: str
    user: str
    browser: str
    first_ms: int | None
    last_ms: int | None
    events: int
    earlier: int
    errors: int
    steps: tuple[Shown, ...]


def sessions(
    gathered: Gathering,
    redact: Redact | None = None,
    advance: Callable[[int], None] = lambda _records: None,
) -> list[Session]:
    """Return the sessions of the kept records, the one that began last first.

    Args:
        gathered: They; the lines are taken out one session after the other.
        redact: Passed by each record before anything of it is told.
        advance: Called with the number of records that are done.
    """
    lines: dict[str, list[bytes]] = {}
    while gathered.kept:
        session, raw = gathered.kept.popleft()
        lines.setdefault(session, []).append(raw)
    dead, redact = gathered.lives.dead(), redact or dict
    found = []
    for session in list(lines):
        own = [redact(orjson.loads(raw)) for raw in lines.pop(session)]
        told = tuple(_shown(step) for step in steps(own, dead=dead))
        found.append(_session(session, own, told, gathered, redact))
        advance(len(own))
    return sorted(found, key=lambda each: (each.first_ms or 0, each.session), reverse=True)


def ms_of(ts: object) -> int | None:
    """Return a ``ts`` in milliseconds since the epoch; None of what is none."""
    moment = moment_of(ts)
    return None if moment is None else round(moment * 1000)


def _session(
    session: str,
    own: Sequence[Record],
    told: tuple[Shown, ...],
    gathered: Gathering,
    redact: Redact,
) -> Session:
    moments = [ms for record in own if (ms := ms_of(record.get("ts"))) is not None]
    banner = next(_banners(own), None)
    raw = gathered.banners.get(text(own[0], "proc"))
    of_app = banner or (redact(orjson.loads(raw)) if raw else {})
    signed_in = [r for r in own if text(r, "message").startswith("Signed in")]
    return Session(
        clean(session, 40),
        " ".join(filter(None, (clean(of_app.get(name), 60) for name in ("app", "version")))),
        clean(signed_in[-1].get("user"), 40) if signed_in else "",
        ", ".join(filter(None, (clean((banner or {}).get(name), 40) for name in _BROWSER))),
        min(moments, default=None),
        max(moments, default=None),
        len(own),
        gathered.earlier[session],
        sum(step.times for step in told if step.is_error),
        told,
    )


def _banners(own: Sequence[Record]) -> Iterator[Record]:
    return (record for record in own if is_banner(record))


def _shown(step: Step) -> Shown:
    first = step.records[0] if step.records else {"category": "audit"}
    is_report = first.get("category") == "report"
    return Shown(
        step.number,
        ms_of(step.ts),
        step.verb,
        step.subject,
        step.rest,
        step.depth,
        step.times,
        step.gap_seconds if step.gap_seconds >= LONG_GAP_SECONDS else 0.0,
        step.duration_ms,
        step.level,
        clean(first.get("category"), 60),
        step.traceback,
        step.codes[-_MOST_CODES:],
        next(filter(None, (clean(r.get("exc_type"), 100) for r in step.records)), ""),
        step.level in ERRORS and not any(_is_action(record) for record in step.records),
        lines_of(first.get("text"), _MOST_SAID) if is_report else "",
        clean(first.get("error_code"), 20) if is_report else "",
    )


def _is_action(record: Record) -> bool:
    # An event of the app's own may have an ``action_id``, too.
    return "action_id" in record and record.get("phase") in _PHASES
