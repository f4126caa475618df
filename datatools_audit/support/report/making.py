"""From gathered records to what a report tells."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from datatools_audit.reading.wording import clean, lines_of
from datatools_audit.record.levels import LEVELS
from datatools_audit.support.redacting import mapped
from datatools_audit.support.report import surroundings
from datatools_audit.support.report.chart import chart
from datatools_audit.support.report.gaps import gaps
from datatools_audit.support.report.incidents import errors, hangs, reports
from datatools_audit.support.report.model import Day, Report, Source
from datatools_audit.support.report.shown import sessions
from datatools_audit.support.report.zone import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datatools_audit.support.completeness import Completeness
    from datatools_audit.support.redacting import Redacts
    from datatools_audit.support.report.gathering import Gathering
    from datatools_audit.support.report.origins import Origin
    from datatools_audit.support.report.shown import Session

_MOST_CATEGORIES = 30
_MOST_DAYS = 31
_MOST_TITLE = 120
_MOST_NOTE = 8_192


def report(
    gathered: Gathering,
    judged: Sequence[tuple[Origin, Completeness]],
    *,
    made_at: int,
    title: str = "",
    only: str = "",
    redactor: Redacts | None = None,
    advance: Callable[[int], None] = lambda _records: None,
) -> Report:
    """Return what is to be told of the gathered records.

    Args:
        gathered: They; the kept lines are taken out of it.
        judged: Where they come from, and whether all is there.
        made_at: When, milliseconds since the epoch.
        title: A title; empty for one of the app's name.
        only: The one session that was asked for.
        redactor: Passed by all that was recorded or said; None where nothing is to be redacted.
        advance: Called with the number of kept records that are done.

    Never raises because of what was recorded. Threads: one at a time for a redactor.
    """
    redact = redactor.record if redactor else None
    counted = _counted(gathered, redactor)
    found = sessions(gathered, redact, advance)
    servers = surroundings.servers(gathered.banners.values(), redact)
    browsers = surroundings.browsers(found)
    return Report(
        title=_text(title or _title(found), redactor),
        made_at=made_at,
        only=clean(only, 40),
        sources=tuple(_source(origin, redactor) for origin, _ in judged),
        sessions=tuple(found),
        errors=tuple(errors(found)),
        hangs=tuple(hangs(found)),
        reports=tuple(reports(found)),
        ran_on=surroundings.ran_on(servers, browsers),
        servers=tuple(servers),
        browsers=tuple(browsers),
        gaps=gaps(gathered, judged, redact),
        redacted=None if redactor is None else dict(sorted(redactor.counts.items())),
        **counted,
    )


def _counted(gathered: Gathering, redactor: Redacts | None) -> dict[str, Any]:
    """Return those parts of a report that are numbers of all records."""
    counts = gathered.counts
    where = zone(gathered.zone, _text(gathered.zone_told, redactor))
    categories = _named(counts.categories, redactor)
    return {
        "zone": where,
        "events": counts.events,
        "told": len(gathered.kept),
        "first_ms": _ms(counts.first),
        "last_ms": _ms(counts.last),
        "warnings": counts.levels["warning"],
        "levels": _levels(counts.levels, redactor),
        "categories": categories[:_MOST_CATEGORIES],
        "more_categories": max(0, len(categories) - _MOST_CATEGORIES),
        "days": _days(gathered, where.offset_seconds),
        "chart": chart(counts.histogram, where),
    }


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
        lines_of(note, _MOST_NOTE),
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
