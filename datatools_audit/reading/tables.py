"""What can be asked in SQL of the files of a log: the tables, as views over the lines.

``events`` is read from the files at each question, and of a line only the columns that the
question names. ``record``, the whole line as JSON, costs three times as much, and so is there
only when it is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading.query import frames
from datatools_audit.reading.reader import LONGEST_LINE_BYTES
from datatools_audit.record.levels import ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_TEXT, _WHOLE, _NUMBER = "VARCHAR", "BIGINT", "DOUBLE"

COLUMNS = {
    "ts": "TIMESTAMP",
    **dict.fromkeys(("level", "category", "session", "message", "proc"), _TEXT),
    "seq": _WHOLE,
    **dict.fromkeys("page phase action_id parent_id run_id outcome".split(), _TEXT),
    "duration_ms": _NUMBER,
    **dict.fromkeys("support_code exc_type exc_message traceback".split(), _TEXT),
    **dict.fromkeys("kind label key filename".split(), _TEXT),
    "bytes": _WHOLE,
    **dict.fromkeys("type upload_id".split(), _TEXT),
    **dict.fromkeys("app version product_version streamlit python platform browser".split(), _TEXT),
    **dict.fromkeys("text stack died_proc".split(), _TEXT),
    **dict.fromkeys("open_ms away_ms outage_seconds".split(), _NUMBER),
    **dict.fromkeys("dropped first_seq last_seq missing recovered".split(), _WHOLE),
}
"""The columns of ``events`` with their types; each is the field of that name in a record.

``ts`` is in UTC, without a time zone. A value that has not the column's type is null there,
and can be had from ``record``.
"""
HEAD = tuple(COLUMNS)[:7]
"""What every record has: six texts and a number."""

# What is no moment, or a number too long, is a record all the same.
_READ_AS = {"ts": _TEXT, "seq": "HUGEINT"}


def _is_record(fields: str = "") -> str:
    """Return the SQL of whether a line is one, by the fields of its head and where they are."""
    return " and ".join(f"{fields}{name} is not null" for name in HEAD)


_LONGEST = 2 * LONGEST_LINE_BYTES
_JSON_LINES = f"ignore_errors = true, maximum_object_size = {_LONGEST}"


def _cast(column: str, field: str) -> str:
    """Return the SQL of a field's text as its column's type, null where it is of none."""
    if column != "ts":
        return f"try_cast({field} as {COLUMNS[column]})"
    # The quick cast drops an offset. Ours is always that of UTC.
    other = f"try_cast({field} as timestamptz) at time zone 'UTC'"
    return (
        f"case when suffix({field}, '+00:00') then try_cast({field} as timestamp) else {other} end"
    )


def _chosen(fields: str = "") -> str:
    """Return the SQL of the columns, by where the fields are."""
    return ", ".join(
        f'{_cast(c, fields + c) if c in _READ_AS else f"{fields}{c}"} as "{c}"' for c in COLUMNS
    )


_DEEDS = "category not in ('run', 'audit', 'log')"
VIEWS = {
    "sessions": """
        select session, min(ts) as began, max(ts) as ended, count(*) as events,
            count(*) filter (level in {errors}) as errors,
            count(distinct page) as pages,
            {banner}
        from events group by session""",
    "errors": """
        select ts, level, session, page, exc_type, exc_message, message, support_code,
            {frames} as frames, traceback, proc, seq
        from events where level in {errors}""",
    "actions": """
        select action_id, any_value(parent_id) as parent_id, any_value(category) as name,
            any_value(session) as session, any_value(page) as page,
            min(ts) filter (phase = 'start') as began, max(ts) filter (phase = 'end') as ended,
            any_value(outcome) as outcome, any_value(duration_ms) as duration_ms,
            any_value(exc_type) as exc_type, min(seq) as seq, proc,
            arg_max(message, seq) as message
        from events where action_id is not null and phase in ('start', 'end')
        group by proc, action_id""",
    "steps": """
        select session, row_number() over (partition by session order by ts, seq) as number,
            ts, category, message, page
        from (
            select session, ts, seq, category, message, page from events
            where {deeds} and (action_id is null or phase is null)
            union all
            select session, coalesce(began, ended), seq, name, message, page from actions
        )""",
}
"""The views over ``events``, each with its query; ``frames`` are the app's own, outermost first."""
_BANNER = ",\n".join(
    f"any_value({name}) filter (category = 'session') as {name}"
    for name in "app version product_version streamlit python platform browser".split()
)

UNDATED = "undated"
"""The day of a record whose ``ts`` is no moment."""

PROBLEMS = {"file": _TEXT, "place": _WHOLE, "problem": _TEXT, "line": _TEXT}
"""The columns of ``problems``: where the line begins, bytes; ``torn`` or ``foreign``; its start."""

SAID = {
    "events": "every record; also record, the whole of it as JSON: record->>'rows'",
    "sessions": "one row for each browser session",
    "steps": "what was done in each session, in order",
    "errors": "errors, with the app's frames, outermost first",
    "actions": "an action's start and end in one row; ended is null where it has no end",
    "problems": "lines that are no record; is read only when it is named",
}
"""Each table with what its rows are."""

EXAMPLES = (
    "SELECT category, level, count(*) FROM events GROUP BY ALL ORDER BY 3 DESC",
    "SELECT exc_type, frames[-1] AS place, count(*) FROM errors GROUP BY ALL ORDER BY 3 DESC",
    "SELECT name, count(*), median(duration_ms), max(duration_ms) FROM actions GROUP BY name",
)


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def names(paths: Iterable[str]) -> str:
    """Return a list of paths as SQL writes it."""
    return f"[{', '.join(map(quoted, paths))}]"


def lines(paths: Sequence[str]) -> str:
    """Return the query of every line with something in it, ``events`` and what is no record.

    ``is_record`` tells which is which.
    """
    return f"select {_chosen()}, {_is_record()} as is_record from {_read(paths)}"  # noqa: S608


def events(paths: Sequence[str]) -> str:
    """Return the query behind ``events``, without ``record``."""
    return f"select {_chosen()} from {_read(paths)} where {_is_record()}"  # noqa: S608


def _read(paths: Sequence[str]) -> str:
    columns = ", ".join(f"{quoted(c)}: '{_READ_AS.get(c, kind)}'" for c, kind in COLUMNS.items())
    return (
        f"read_json({names(paths)}, columns = {{{columns}}}, "
        f"format = 'newline_delimited', hive_partitioning = false, {_JSON_LINES})"
    )


def whole_events(paths: Sequence[str]) -> str:
    """Return the query behind ``events`` where ``record`` is asked for."""
    # Once for all fields: to look for each by itself takes four times as long.
    return (
        f"select {_chosen('fields.')}, record from (select json as record, "  # noqa: S608
        f"{_taken_apart('json', COLUMNS)} as fields from {text_lines(paths)}) "
        f"where {_is_record('fields.')}"
    )


def text_lines(paths: Sequence[str]) -> str:
    """Return the table of every line as the text ``json``, null where it is no JSON."""
    return f"read_ndjson_objects({names(paths)}, hive_partitioning = false, {_JSON_LINES})"


def has_head(line: str) -> str:
    """Return the SQL of whether a line, given as JSON, is a record."""
    return f"list_transform([{_taken_apart(line, HEAD)}], lambda head: {_is_record('head.')})[1]"


def _taken_apart(line: str, columns: Iterable[str]) -> str:
    kinds = ", ".join(f'"{name}": "{_READ_AS.get(name, COLUMNS[name])}"' for name in columns)
    return f"from_json({line}, '{{{kinds}}}')"


_DAY = f"coalesce(strftime(ts, '%Y-%m-%d'), '{UNDATED}')"


def days(paths: Sequence[str]) -> str:
    """Return the query of the days of some files' records, UTC."""
    return f"select distinct {_DAY} from ({events(paths)})"  # noqa: S608


def write_day(paths: Sequence[str], day: str, target: str) -> str:
    """Return the statement that writes some files' records of one of their days as Parquet."""
    return (
        f"copy (select * from ({whole_events(paths)}) where {_DAY} = {quoted(day)}) "  # noqa: S608
        f"to {quoted(target)} (format parquet, compression zstd)"
    )


def view(name: str) -> str:
    """Return the query behind one of ``VIEWS``."""
    return VIEWS[name].format(
        errors=ERRORS, banner=_BANNER, frames=frames("traceback"), deeds=_DEEDS
    )
