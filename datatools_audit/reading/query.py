"""What is asked of the store, and what it answers; and the words of the question in SQL.

No SQL is made from what somebody typed: names come from here, values travel as parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datatools_audit.record import strict

if TYPE_CHECKING:
    from collections.abc import Collection

Where = tuple[str, list[object]]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records are asked for; what is empty limits nothing.

    Attributes:
        days: Local dates, as ``2026-05-19``.
        levels: One of these.
        without: None of these levels.
        categories: One of these.
        sessions: One of these.
        pages: One of these.
        codes: With one of these support codes.
        since: Not before this ``ts``.
        until: Before this ``ts``.
        text: Stands somewhere in the line, however written in capitals.
    """

    days: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many records, how many of them errors, and how many lines that are no record."""

    events: int
    errors: int
    problems: int


@dataclass(frozen=True, slots=True)
class Bar:
    """How many records of a level there are in one part of the time.

    Attributes:
        ts: When the part begins.
        level: The level.
        count: How many.
        until: When it ends.
    """

    ts: str
    level: str
    count: int
    until: str


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Errors of one type from one place in the app.

    Attributes:
        exc_type: The exception's type.
        frames: The app's frames, outermost first: ``pages/analyze.py, draw``.
        count: How many.
        first: The ``ts`` of the first.
        last: That of the last.
        sessions: Whose.
        versions: Of the app.
        codes: Support codes, the newest first; a few.
        message: That of the newest.
    """

    exc_type: str
    frames: tuple[str, ...]
    count: int
    first: str
    last: str
    sessions: tuple[str, ...]
    versions: tuple[str, ...]
    codes: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One session: from when to when (``ts``), how much, and of which app."""

    session: str
    first: str
    last: str
    events: int
    errors: int
    app: str | None
    version: str | None


def group_of(row: tuple[Any, ...]) -> ErrorGroup:
    """Return the group of a row that has its fields in their order, the tuples as lists."""
    exc_type, frames, count, first, last, sessions, versions, codes, message = row
    return ErrorGroup(
        exc_type,
        tuple(frames or ()),
        count,
        first,
        last,
        tuple(sessions),
        tuple(versions),
        tuple(codes or ()),
        message,
    )


def where(asked: Filter, sessions: Collection[str] | None, without_procs: Collection[str]) -> Where:
    """Return the condition of a query and its parameters.

    Args:
        asked: What is asked for.
        sessions: The scope: only these sessions' records; None for everybody's.
        without_procs: Processes that are left out.
    """
    parts: list[str] = []
    values: list[object] = []

    def limit(condition: str, *given: object) -> None:
        parts.append(condition)
        values.extend(given)

    if sessions is not None:
        limit("problem is null and list_contains(?::varchar[], session)", sorted(sessions))
    if without_procs:
        limit("not coalesce(list_contains(?::varchar[], proc), false)", sorted(without_procs))
    for column, wanted in (
        ("day", asked.days),
        ("level", asked.levels),
        ("category", asked.categories),
        ("session", asked.sessions),
        ("page", asked.pages),
        ("code", asked.codes),
    ):
        if wanted:
            limit(f"list_contains(?::varchar[], {column})", list(wanted))
    if asked.without:
        limit("not list_contains(?::varchar[], level)", list(asked.without))
    # What is no record has no time, and is not to be hidden by a choice of it.
    if asked.since:
        limit("(ts >= ? or problem is not null)", asked.since)
    if asked.until:
        limit("(ts < ? or problem is not null)", asked.until)
    if asked.text:
        limit("contains(lower(raw), lower(?))", as_written(asked.text))
    return " and ".join(parts) or "true", values


def frames(traceback: str) -> str:
    """Return the SQL of the app's frames in a traceback, outermost first.

    They read ``pages/analyze.py, draw``: without line numbers, since an edit further up makes
    no other error.

    Args:
        traceback: The SQL of its text.
    """
    return (
        f"regexp_extract_all(regexp_replace({traceback}, "
        """'", line [0-9]+,? in ', ', ', 'g'), '(?m)^(?:  \\| )*  File "([^"\\n]*)$', 1)"""
    )


def as_written(text: str) -> str:
    """Return a text as it stands within a line: quotes, backslashes and line ends escaped."""
    sound = text.encode("utf-8", "replace").decode()
    return strict.escaped(strict.dumps(sound)).decode()[1:-1]
