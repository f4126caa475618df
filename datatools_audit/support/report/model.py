"""What a report tells, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datatools_audit.support.report.chart import Chart
    from datatools_audit.support.report.gaps import Gaps
    from datatools_audit.support.report.incidents import Incident
    from datatools_audit.support.report.shown import Session
    from datatools_audit.support.report.zone import Zone


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
        hangs: By place.
        reports: What people have reported.
        ran_on: What the app ran on, in one sentence; empty where nothing is told.
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
    hangs: tuple[Incident, ...]
    reports: tuple[Incident, ...]
    ran_on: str
    servers: tuple[tuple[str, ...], ...]
    browsers: tuple[tuple[str, int], ...]
    gaps: Gaps
