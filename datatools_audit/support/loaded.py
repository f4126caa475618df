"""What a summary asks of a log, read once into memory: the tables ``loaded``, ``blocks``, ``facts``.

The lines are read once from the disk; all questions after that are answered from memory, or
from a temporary folder where that is too small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading.query import ERRORS, frames

if TYPE_CHECKING:
    from datatools_audit.reading.database import Database

_OF_SESSION = "app version product_version streamlit python platform browser".split()
_BANNER = ", ".join(f"case when category = 'session' then {name} end as {name}" for name in _OF_SESSION)

LOADED = f"""
create table loaded as
select ts, level, category, session, proc, seq, page, phase, outcome, duration_ms, open_ms,
    away_ms, bytes, filename, exc_type, support_code, died_proc,
    case when phase in ('start', 'end') then coalesce(action_id, run_id) end as work_id,
    case when level in {(*ERRORS, 'warning')} or category in ('session', 'audit', 'hang', 'report')
        then message end as message,
    case when level in {ERRORS} then {frames("traceback")} end as frames,
    dropped, first_seq, last_seq, missing, recovered, outage_seconds, {_BANNER}
from events
"""  # noqa: S608 -- made of constants
"""One row for each record. ``frames`` are the app's, of errors only, outermost first; ``work_id``
is that of an action or a run; ``message`` is there where the words are ours."""

# A set of 1,024 numbers is one text of bits: that finds what is missing and doubled without
# sorting, and a clock that went back, since the records of a process are counted in their order.
BLOCKS = """
create table blocks as
select proc, seq // 1024 as block, count(*) as records,
    bit_count(bitstring_agg((seq % 1024)::integer, 0, 1023)) as numbers,
    min(seq) as first_seq, max(seq) as last_seq, min(ts) as first_ts, max(ts) as last_ts
from loaded where seq >= 0 group by proc, seq // 1024
"""
"""One row for 1,024 numbers of a process: its records, how many numbers they have, from when."""

FACTS = """
create table facts as
select
    (select count(*) from loaded) as events,
    (select min(ts) from loaded) as began,
    (select max(ts) from loaded) as ended,
    (select count(distinct session) from loaded) as sessions,
    (select count(distinct proc) from loaded) as processes,
    {problems} as problems,
    coalesce((select sum(last - first + 1 - numbers) from
        (select max(last_seq) as last, min(first_seq) as first, sum(numbers) as numbers
         from blocks group by proc)), 0)::bigint as not_here,
    coalesce((select sum(records - numbers) from blocks), 0)::bigint as doubled,
    coalesce((select sum(dropped) from loaded where category = 'audit'), 0)::bigint as dropped,
    coalesce((select sum(missing) from loaded where category = 'audit'), 0)::bigint as lost,
    coalesce((select sum(recovered) from loaded where category = 'audit'), 0)::bigint as recovered,
    (select count(*) from loaded where category = 'audit' and outage_seconds is not null)
        as outages,
    {is_part} as is_part
"""
"""One row. ``not_here``: numbers between a process's first and last that no record has;
``dropped``: those of them that the log itself tells of; ``is_part``: whether the log is an
extract or a bundle, whose other numbers may be of other sessions; ``problems``: lines that are
no record."""

_PROBLEMS = "(select count(*) from lines) - (select count(*) from loaded)"


def load(database: Database, *, is_part: bool) -> None:
    """Make the tables.

    Args:
        database: Whose ``events`` are read.
        is_part: Whether somebody has chosen its records out of a log.

    Raises:
        QueryError: The memory and the temporary folder do not do.
        ReadError: A file cannot be read to its end.
    """
    database.run(LOADED)
    database.run(BLOCKS)
    database.run(FACTS.format(problems=_PROBLEMS, is_part=str(is_part).lower()))
