"""What is in a log, in numbers: how much, who, where, what failed, what took long, what lacks."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datatools_audit.reading.query import ErrorGroup, SessionSummary, group_of
from datatools_audit.record.levels import ERRORS
from datatools_audit.support.findings import Finding, Rule, find
from datatools_audit.support.known import RULES
from datatools_audit.support.loaded import load
from datatools_audit.support.parts import App, Hang, Page, Work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datatools_audit.reading.database import Database

_MOST = 1_000
_MOST_CODES = 5

_APPS = """
select app, version, streamlit, count(distinct session) from notable
where category = 'session' and app is not null group by all order by app, version, streamlit"""
_LEVELS = """
select level, sum(records)::bigint as n from counts group by level order by n desc, level"""
_ERRORS = f"coalesce(sum(records) filter (level in {ERRORS}), 0)::bigint as errors"
_PAGES = f"""
select page, sum(records)::bigint as n, count(distinct session), {_ERRORS}
from counts where page is not null group by page order by n desc, page limit {_MOST}
"""  # noqa: S608 -- made of constants, as those below
_SESSIONS = f"""
with banners as (
    select session, any_value(app) as app, any_value(version) as version
    from notable where category = 'session' group by session
)
select session, min(first_ts), max(last_ts) as last, sum(records)::bigint, {_ERRORS},
    any_value(app), any_value(version)
from counts left join banners using (session)
group by session order by errors desc, last desc, session limit {_MOST}
"""  # noqa: S608
_GROUPS = f"""
with versions as (
    select proc, any_value(version) as known from notable where category = 'session' group by proc
)
select coalesce(exc_type, any_value(category)), frames, count(*), min(ts), max(ts),
    list_sort(list(distinct session)),
    coalesce(list_sort(list(distinct known) filter (known is not null)), []),
    coalesce(list(support_code order by ts desc, seq desc)
        filter (support_code is not null)[:{_MOST_CODES}], []),
    arg_max(message, ts)
from notable left join versions using (proc)
where level in {ERRORS}
group by exc_type, case when exc_type is null then category end, frames
order by count(*) desc, exc_type, arg_max(message, ts), frames limit {_MOST}
"""  # noqa: S608
_WORKS = f"""
select name, count(*), count(*) filter (outcome = 'error'),
    count(*) filter (outcome = 'interrupted'), count(*) filter (not has_end),
    median(duration_ms), quantile_cont(duration_ms, 0.95), max(duration_ms)
from works group by name order by max(duration_ms) desc nulls last, name limit {_MOST}
"""  # noqa: S608
_HANGS = f"""
select ts, session, page, message, open_ms from notable where category = 'hang'
order by open_ms desc nulls last, ts limit {_MOST}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in a log. Lists have at most 1,000 entries.

    Attributes:
        facts: Counts by name; see ``loaded.TABLES``. ``began`` and ``ended`` are a ``ts`` or None.
        apps: By name and version.
        levels: How many records of each level.
        pages: The one with the most records first.
        sessions: Those with the most errors first, then the newest.
        errors: By type and the app's frames, the most frequent first; those without a type by their
            category, which stands in the type's place.
        works: Actions by name, and runs: the one with the longest first.
        hangs: The longest first.
        findings: What is known to be wrong in it.
    """

    facts: dict[str, int | bool | str | None]
    apps: tuple[App, ...]
    levels: dict[str, int]
    pages: tuple[Page, ...]
    sessions: tuple[SessionSummary, ...]
    errors: tuple[ErrorGroup, ...]
    works: tuple[Work, ...]
    hangs: tuple[Hang, ...]
    findings: tuple[Finding, ...]


def summarise(
    database: Database,
    *,
    is_part: bool = False,
    missing: int | None = None,
    more: Iterable[Rule] = (),
) -> Summary:
    """Return the summary of a log.

    Args:
        database: The log.
        is_part: Whether its records were chosen out of another, as in an extract.
        missing: How many are missing as a bundle's manifest says; None where none says so.
        more: Rules of the app's own, which may ask ``events`` too.

    Raises:
        QueryError: A rule cannot be asked, or the memory does not do.
        ReadError: A file cannot be read to its end.
    """
    load(database, is_part=is_part, missing=missing)

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return [tuple(map(_plain, row)) for row in database.run(sql)]

    facts = database.ask("select * from facts")
    values = next(facts.rows)
    next(facts.rows, None)
    return Summary(
        {name: _plain(value) for name, value in zip(facts.columns, values, strict=True)},
        tuple(App(*row) for row in rows(_APPS)),
        dict(database.run(_LEVELS)),
        tuple(Page(*row) for row in rows(_PAGES)),
        tuple(SessionSummary(*row) for row in rows(_SESSIONS)),
        tuple(group_of(row) for row in rows(_GROUPS)),
        tuple(Work(*row) for row in rows(_WORKS)),
        tuple(Hang(*row) for row in rows(_HANGS)),
        tuple(find(database, (*RULES, *more))),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return f"{value.isoformat(timespec='milliseconds')}+00:00"
    return value
