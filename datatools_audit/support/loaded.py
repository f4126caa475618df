"""What a summary asks of a log: small tables, made while it is read from the disk once.

All lines go into one table that is as narrow as can be, so that ten million of them fit into
memory, and from there into the small tables that are asked. Beyond the memory a temporary
folder serves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading.query import frames
from datatools_audit.reading.tables import COLUMNS
from datatools_audit.record.levels import ERRORS, LEVELS

if TYPE_CHECKING:
    from datatools_audit.reading.database import Database

MEMORY_LIMIT_MB = 1536
_LEVELS = list(LEVELS)
_OUTCOMES = ["ok", "error", "interrupted"]
_MOST_COUNT = (1 << 63) - 1
_CATEGORIES = ("session", "audit", "hang", "report", "error")
_MORE = (
    "message exc_type support_code traceback app version product_version streamlit python platform "
    "browser open_ms away_ms outage_seconds died_proc dropped missing recovered"
).split()
_PACKED = ", ".join(f"'{name}': {name}" for name in _MORE)
_FORM = ", ".join(f'"{name}":"{COLUMNS[name]}"' for name in _MORE)
_UNPACKED = ", ".join(f"more.{name} as {name}" for name in _MORE)

_NARROW = f"""
create table narrow as
select case when is_record then proc end as proc, seq, ts, session, page, category,
    list_position({_LEVELS}, level)::utinyint as level,
    case when phase in ('start', 'end') then coalesce(action_id, run_id) end as work_id,
    phase = 'end' as is_end,
    list_position({_OUTCOMES}, outcome)::utinyint as outcome,
    case when category = 'upload' then bytes else duration_ms end as amount,
    case when level in {(*ERRORS, "warning")} or category in {_CATEGORIES}
        then to_json({{{_PACKED}}}) end as more
from lines
"""  # noqa: S608 -- made of constants, as those below
_NOTABLE = f"""
create table notable as
select proc, seq, ts, session, page, category, level, {_UNPACKED},
    {frames("more.traceback")} as frames
from (
    select * replace (
        {_LEVELS}[level] as level,
        json_transform(more, '{{{_FORM}}}') as more
    ) from narrow where more is not null and proc is not null
)
"""  # noqa: S608
_UPLOADS = """
create table uploads as
select proc, seq, ts, session, page, amount::bigint as bytes
from narrow where category = 'upload' and proc is not null
"""
_COUNTS = f"""
create table counts as
select proc, session, page, category, coalesce({_LEVELS}[level], 'other') as level,
    count(*) as records, min(ts) as first_ts, max(ts) as last_ts
from narrow where proc is not null group by all
"""  # noqa: S608
# A set of 1,024 numbers is one text of bits: that finds what is missing and doubled without
# sorting, and a clock that went back, since the records of a process are counted in their order.
_BLOCKS = """
create table blocks as
select proc, seq // 1024 as block, count(*) as records,
    bit_count(bitstring_agg((seq % 1024)::integer, 0, 1023)) as numbers,
    min(seq) as first_seq, max(seq) as last_seq, min(ts) as first_ts, max(ts) as last_ts,
    arg_max(ts, seq) as end_ts
from narrow where seq >= 0 and proc is not null group by all
"""
_WORKS = f"""
create table works as
select proc, work_id, any_value(session) as session, any_value(category) as name,
    min(ts) as began, bool_or(is_end) as has_end,
    {_OUTCOMES}[max(outcome) filter (is_end)] as outcome,
    max(amount) filter (is_end) as duration_ms
from narrow where work_id is not null and proc is not null group by proc, work_id
"""  # noqa: S608
_FACTS = """
create table facts as
select
    (select coalesce(sum(records), 0)::bigint from counts) as events,
    (select min(first_ts) from counts) as began,
    (select max(last_ts) from counts) as ended,
    (select count(distinct session) from counts) as sessions,
    (select count(distinct proc) from counts) as processes,
    (select count(*) from narrow where proc is null) as problems,
    coalesce({missing}, (select least(coalesce(sum(last - first + 1 - numbers), 0), {most}) from (
        select max(last_seq)::hugeint as last, min(first_seq) as first, sum(numbers) as numbers
        from blocks group by proc)))::bigint as not_here,
    (select coalesce(sum(records - numbers), 0)::bigint from blocks) as doubled,
    {sums},
    (select count(*) from notable where category = 'audit' and outage_seconds is not null)
        as outages,
    {missing} is null
        and ({is_part} or (select count(distinct session) from counts) = 1) as is_part
"""
_SUMS = {"dropped": "dropped", "lost": "missing", "recovered": "recovered"}

TABLES = {
    "facts": "one row: what is counted of the whole log",
    "counts": "records, first_ts and last_ts by proc, session, page, category and level",
    "notable": "errors and warnings, and what the log says of sessions, hangs, reports and itself",
    "uploads": "session, ts and bytes of each record of an upload",
    "works": "actions and runs of the script, the start joined with the end",
    "blocks": "1,024 numbers of a process: its records, how many numbers they have, their times",
}
"""The tables with what their rows are.

Of ``facts``: ``not_here`` are numbers between a process's first and last that no record has;
``dropped`` those of them that the log itself tells of, ``lost`` what died with a process;
``is_part`` says that these may be of other sessions, as in an extract, or where there is one
session only; ``problems`` are lines that are no record.
"""


def load(database: Database, *, is_part: bool, missing: int | None) -> None:
    """Make the tables.

    Args:
        database: Whose ``lines`` are read.
        is_part: Whether somebody has chosen its records out of a log.
        missing: How many are missing as the manifest of a bundle says, which knows what was left
            out by choice; None where nothing says so.

    Raises:
        QueryError: The memory and the temporary folder do not do.
        ReadError: A file cannot be read to its end.
    """
    sums = ", ".join(
        f"(select coalesce(sum({column}), 0)::bigint from notable where category = 'audit') "  # noqa: S608
        f"as {name}"
        for name, column in _SUMS.items()
    )
    for statement in (_NARROW, _NOTABLE, _UPLOADS, _COUNTS, _BLOCKS, _WORKS):
        database.run(statement)
    known = "null" if missing is None else str(missing)
    words = {"sums": sums, "is_part": str(is_part).lower(), "missing": known, "most": _MOST_COUNT}
    database.run(_FACTS.format(**words))
    database.run("drop table narrow")
