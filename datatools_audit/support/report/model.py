"""What a report tells, as plain data: from gathered records to what is drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.reading.wording import clean
from datatools_audit.support.redacting import mapped
from datatools_audit.support.report import surroundings
from datatools_audit.support.report.chart import Chart, chart
from datatools_audit.support.report.gaps import Gaps, gaps
from datatools_audit.support.report.histogram import LEVELS
from datatools_audit.support.report.incidents import Incident, errors, reports
from datatools_audit.support.report.shown import Session, sessions
from datatools_audit.support.report.zone import Zone, zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datatools_audit.support.completeness import Completeness
    from datatools_audit.support.redacting import Redacts
    from datatools_audit.support.report.gathering import Gathering
    from datatools_audit.support.report.origins import Origin

_MOST_CATEGORIES = 30
_MOST_DAYS = 31
_MOST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Day:
    """One day: when it begins (milliseconds since the epoch), how many events, errors, warnings."""

    ms: int
    events: int
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from, as it is told.

    Attributes:
        name: The file's name.
        is_bundle: Whether it is a support bundle.
        redactions: How often each rule has replaced something; None where it was not redacted.
        note: What the sender says.
        environment: What the app ran on, row by row.
    """

    name: str
    is_bundle: bool
    redactions: Mapping[str, int] | None
    note: str
    environment: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What a report tells. Moments are milliseconds since the epoch, None where unknown.

    Attributes:
        title: Its title.
        made_at: When it was made, milliseconds since the epoch.
        only: The one session that was asked for; empty for all.
        sources: Where the records come from.
        redacted: How often each rule has replaced something for this report; None where it was
            not redacted for it.
        zone: In which all times are shown.
        events: How many records there are.
        told: How many of them, the newest, the steps are made of.
        first_ms: When the first was made.
        last_ms: When the last.
        warnings: How many are of the level ``warning``.
        levels: How many of each level, from ``debug`` on; levels of nobody's last.
        categories: How many of each category, the most frequent first; 30 at most.
        more_categories: How many further categories there are.
        days: The newest 31 days.
        chart: The timeline.
        sessions: The newest first, with their steps.
        errors: By type and place.
        reports: What people have reported.
        servers: What the processes ran on; see ``surroundings.servers``.
        browsers: How many sessions each browser has.
        gaps: What the log lacks.
    """

    title: str
    made_at: int
    only: str
    sources: tuple[Source, ...]
    redacted: Mapping[str, int] | None
    zone: Zone
    events: int
    told: int
    first_ms: int | None
    last_ms: int | None
    warnings: int
    levels: tuple[tuple[str, int], ...]
    categories: tuple[tuple[str, int], ...]
    more_categories: int
    days: tuple[Day, ...]
    chart: Chart
    sessions: tuple[Session, ...]
    errors: tuple[Incident, ...]
    reports: tuple[Incident, ...]
    servers: tuple[tuple[str, ...], ...]
    browsers: tuple[tuple[str, int], ...]
    gaps: Gaps


def report(
    gathered: Gathering,
    judged: Sequence[tuple[Origin, Completeness]],
    *,
    made_at: int,
    title: str = "",
    only: str = "",
    redactor: Redacts | None = None,
) -> Report:
    """Return what is to be told of the gathered records.

    Args:
        gathered: They; the kept lines are taken out of it.
        judged: Where they come from, and whether all is there.
        made_at: When, milliseconds since the epoch.
        title: A title; empty for one of the app's name.
        only: The one session that was asked for.
        redactor: Passed by all that was recorded or said; None where nothing is to be redacted.

    Never raises because of what was recorded. Threads: one at a time for a redactor.
    """
    redact = redactor.record if redactor else None
    counts = gathered.counts
    told = len(gathered.kept)
    where = zone(gathered.zone, _text(gathered.zone_told, redactor))
    found = sessions(gathered, redact)
    categories = _named(counts.categories, redactor)
    return Report(
        _text(title or _title(found), redactor),
        made_at,
        clean(only, 40),
        tuple(_source(origin, redactor) for origin, _ in judged),
        None if redactor is None else dict(sorted(redactor.counts.items())),
        where,
        counts.events,
        told,
        _ms(counts.first),
        _ms(counts.last),
        counts.levels["warning"],
        _levels(counts.levels, redactor),
        categories[:_MOST_CATEGORIES],
        max(0, len(categories) - _MOST_CATEGORIES),
        _days(gathered, where.offset_seconds),
        chart(counts.histogram, where),
        tuple(found),
        tuple(errors(found)),
        tuple(reports(found)),
        tuple(surroundings.servers(gathered.banners.values(), redact)),
        tuple(surroundings.browsers(found)),
        gaps(gathered, judged, redact),
    )


def _text(text: str, redactor: Redacts | None) -> str:
    """Return a foreign text on one line, redacted; a file's name may be no valid Unicode."""
    sound = text.encode("utf-8", "replace").decode()
    return clean(redactor.text(sound) if redactor else sound, _MOST_TITLE)


def _title(found: Sequence[Session]) -> str:
    apps = Counter(session.app for session in found if session.app)
    return f"What happened in {next(iter(apps))}" if len(apps) == 1 else "What happened"


def _source(origin: Origin, redactor: Redacts | None) -> Source:
    told = dict(origin.environment)
    if redactor:
        told = mapped(told, redactor.text, redactor.text)  # type: ignore[assignment]
    note = redactor.text(origin.note) if redactor else origin.note
    return Source(
        _text(origin.name, redactor),
        origin.is_bundle,
        origin.redactions,
        clean(note, 2_000),
        surroundings.rows(told),
    )


def _named(counted: Counter[str], redactor: Redacts | None) -> tuple[tuple[str, int], ...]:
    found = Counter[str]()
    for name, number in counted.items():
        found[clean(redactor.text(name) if redactor else name, 60)] += number
    return tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _levels(counted: Counter[str], redactor: Redacts | None) -> tuple[tuple[str, int], ...]:
    ours = [(level, counted[level]) for level in LEVELS if counted[level]]
    others = Counter({level: n for level, n in counted.items() if level not in LEVELS})
    return (*ours, *_named(others, redactor)[:5])


def _days(gathered: Gathering, offset_seconds: int) -> tuple[Day, ...]:
    warning, error, critical = map(LEVELS.index, ("warning", "error", "critical"))
    return tuple(
        Day(moment * 1000, sum(levels), levels[error] + levels[critical], levels[warning])
        for moment, levels in gathered.counts.histogram.days(offset_seconds)[-_MOST_DAYS:]
    )


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
