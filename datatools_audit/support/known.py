"""What is known to go wrong, as data: what to ask, what it means, what to do about it."""

from __future__ import annotations

from datatools_audit.record.levels import ERRORS
from datatools_audit.support.findings import Rule

_OLD_STREAMLIT = (1, 50)
_BIG_BYTES = 100_000_000
_CLOCK_SECONDS = 60
_OPEN_SECONDS = 60
_SOON_SECONDS = 60
_SLOW_MS = 3_000

RULES = (
    Rule(
        "crashed",
        "SELECT count(*) AS times, any_value(exc_type) AS kind FROM notable "
        "WHERE category = 'error' AND level = 'critical' AND died_proc IS NOT NULL "
        "HAVING count(*) > 0",
        "The process crashed {times:time:times} ({kind}).",
        "Look at its traceback: show --errors. A crash without an exception comes from a library "
        "in C; update it, or leave out what was called last.",
    ),
    Rule(
        "out-of-memory",
        "SELECT count(*) AS times, count(DISTINCT session) AS people FROM notable "
        "WHERE exc_type LIKE '%MemoryError' HAVING count(*) > 0",
        "Memory ran out {times:time:times}, in {people:session:sessions}.",
        "Look for a big file just before it; give the server more memory, or read in pieces.",
    ),
    Rule(
        "killed",
        "SELECT count(*) AS times, sum(recovered)::BIGINT AS recovered FROM notable "
        "WHERE category = 'audit' AND recovered IS NOT NULL HAVING count(*) > 0",
        "{times:process:processes} ended without notice; {recovered:record was:records were} "
        "recovered.",
        "Ask what ended it: the system for want of memory, a restart, a power cut.",
    ),
    Rule(
        "hangs",
        "SELECT count(*) AS times, count(DISTINCT session) AS people, "
        "max(open_ms) / 1000 AS longest FROM notable WHERE category = 'hang' HAVING count(*) > 0",
        "Something was open for too long {times:time:times}, in {people:session:sessions}, for "
        "{longest} s when it was told.",
        "show --errors tells where it stood; a database or a network without a timeout is usual.",
    ),
    Rule(
        "no-end",
        f"""
        WITH ends AS (SELECT proc, max(last_ts) AS ended FROM counts GROUP BY proc)
        SELECT count(*) AS works, count(DISTINCT session) AS people
        FROM works JOIN ends USING (proc)
        WHERE NOT has_end AND ended - began > INTERVAL {_OPEN_SECONDS} SECOND HAVING count(*) > 0
        """,  # noqa: S608 -- made of constants
        "{works:run or action has:runs and actions have} no end, in {people:session:sessions}.",
        "They hung, the process died amid them, or their end is missing: look at what each was, "
        "with show --tree.",
    ),
    Rule(
        "same-error-in-many-sessions",
        f"""
        SELECT exc_type AS kind, coalesce(frames[-1], 'an unknown place') AS place,
            count(*) AS times, count(DISTINCT session) AS people FROM notable
        WHERE level IN {ERRORS} AND exc_type IS NOT NULL
        GROUP BY exc_type, frames HAVING count(DISTINCT session) >= 3
        ORDER BY people DESC, times DESC, kind, place LIMIT 3
        """,  # noqa: S608
        "{kind} in {place} hit {people:session:sessions}, {times:time:times}.",
        "It is no accident of one person's data: mend this one first; reproduce makes a test of "
        "it.",
    ),
    Rule(
        "errors-after-an-upload",
        f"""
        WITH errors AS (
            SELECT session, ts FROM notable WHERE level IN {ERRORS} AND session IS NOT NULL
        )
        SELECT count(*) AS times, (SELECT count(*) FROM errors) AS all_errors
        FROM errors ASOF JOIN uploads
            ON errors.session = uploads.session AND errors.ts >= uploads.ts
        WHERE errors.ts - uploads.ts <= INTERVAL {_SOON_SECONDS} SECOND
        HAVING count(*) >= 2 AND count(*) * 2 > all_errors
        """,  # noqa: S608
        "{times} of {all_errors:error:errors} came within a minute of an upload.",
        "The files may be the cause: compare their names, types and fingerprints with those that "
        "made no trouble.",
    ),
    Rule(
        "big-uploads",
        f"""
        SELECT count(*) AS times, max(bytes) // 1000000 AS megabytes FROM uploads
        WHERE bytes >= {_BIG_BYTES} HAVING count(*) > 0
        """,  # noqa: S608
        "{times:file is:files are} over 100 MB, the biggest has {megabytes} MB.",
        "Streamlit refuses in the browser, without a record, what is over server.maxUploadSize "
        "(200 MB where it is not set), and keeps the rest in memory: ask which file was tried.",
    ),
    Rule(
        "upload-refused",
        "SELECT count(*) AS times FROM notable WHERE level IN ('warning', 'error', 'critical') "
        "AND (message ILIKE '%content too long%' OR message ILIKE '%maxUploadSize%' "
        "OR message ILIKE '%entity too large%') HAVING count(*) > 0",
        "The limit of an upload was hit {times:time:times}.",
        "Raise server.maxUploadSize, and the limit of a proxy in front; or have the file split.",
    ),
    Rule(
        "disk-trouble",
        "SELECT count(*) AS times, max(outage_seconds) AS longest FROM notable "
        "WHERE category = 'audit' AND outage_seconds IS NOT NULL HAVING count(*) > 0",
        "The log could not be written {times:time:times}, for {longest} s at most.",
        "Look whether the disk is full or slow, or the folder another user's: where --check.",
    ),
    Rule(
        "dropped-records",
        "SELECT dropped FROM facts WHERE dropped > 0",
        "{dropped:record was:records were} dropped, as the log itself says.",
        "The disk was too slow for too many events: see disk trouble, or record less.",
    ),
    Rule(
        "lost-records",
        "SELECT lost FROM facts WHERE lost > 0",
        "{lost:record is:records are} lost of processes that died.",
        "What was done just before the end may not be in the log: ask the person.",
    ),
    Rule(
        "missing-records",
        "SELECT not_here - dropped AS records FROM facts WHERE not_here > dropped AND NOT is_part",
        "{records:number is:numbers are} missing between the first and the last of a process.",
        "A line was cut out or a day is not here: verify tells which.",
    ),
    Rule(
        "doubled-records",
        "SELECT doubled AS records FROM facts WHERE doubled > 0",
        "{records:record is:records are} there twice.",
        "The same log was given twice, or copied into another: counts are too high.",
    ),
    Rule(
        "lines-that-are-no-record",
        "SELECT problems AS lines FROM facts WHERE problems > 0",
        "{lines:line is:lines are} torn or foreign.",
        'sql "FROM problems" shows them. A disk that was full tears lines; an editor or '
        "another program adds foreign ones.",
    ),
    Rule(
        "clock-jumped",
        f"""
        SELECT max(jump) AS span, arg_max(proc, jump) AS proc FROM (
            SELECT proc, greatest(last_ts - end_ts, max(last_ts) OVER (
                PARTITION BY proc ORDER BY block ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) - first_ts) AS jump FROM blocks
        ) WHERE jump > INTERVAL {_CLOCK_SECONDS} SECOND HAVING count(*) > 0
        """,  # noqa: S608
        "The server's clock went back by {span} or more (process {proc}).",
        "Times and durations between events do not hold there; order by seq, not by ts.",
    ),
    Rule(
        "many-disconnects",
        "SELECT count(*) AS times, count(DISTINCT session) AS people FROM notable "
        "WHERE category = 'session' AND message LIKE 'Session disconnected%' "
        "HAVING count(*) >= 5 AND count(*) >= 2 * count(DISTINCT session)",
        "{people:browser:browsers} lost the connection {times:time:times}.",
        "Look for a proxy with a short timeout, a laptop that sleeps, a script that holds the "
        "server.",
    ),
    Rule(
        "slow-runs",
        f"""
        SELECT count(*) AS slow, count_all AS runs, longest / 1000 AS longest FROM (
            SELECT duration_ms, count(*) OVER () AS count_all, max(duration_ms) OVER () AS longest
            FROM works WHERE name = 'run' AND duration_ms IS NOT NULL
        ) WHERE duration_ms > {_SLOW_MS} GROUP BY ALL
        HAVING count(*) >= 10 AND count(*) * 10 >= count_all
        """,  # noqa: S608
        "{slow} of {runs:run:runs} of the script took over 3 s, the longest {longest} s.",
        "Cache what is loaded or computed anew in each run: st.cache_data, st.cache_resource.",
    ),
    Rule(
        "versions-of-the-app",
        "SELECT app, string_agg(DISTINCT version, ', ' ORDER BY version) AS versions FROM notable "
        "WHERE category = 'session' AND app IS NOT NULL GROUP BY app "
        "HAVING count(DISTINCT version) > 1 ORDER BY app",
        "{app} ran in several versions: {versions}.",
        "Look whether the errors are in one of them only: "
        'sql "SELECT version, sum(errors) FROM sessions GROUP BY ALL".',
    ),
    Rule(
        "versions-of-streamlit",
        "SELECT string_agg(DISTINCT streamlit, ', ' ORDER BY streamlit) AS versions FROM notable "
        "WHERE category = 'session' HAVING count(DISTINCT streamlit) > 1",
        "Sessions ran on several versions of Streamlit: {versions}.",
        "An update amid the log, or servers that differ: make them alike first.",
    ),
    Rule(
        "old-streamlit",
        f"""
        SELECT DISTINCT streamlit AS version FROM notable
        WHERE category = 'session' AND [try_cast(split_part(streamlit, '.', 1) AS INTEGER),
               try_cast(split_part(streamlit, '.', 2) AS INTEGER)] < {list(_OLD_STREAMLIT)}
        ORDER BY version
        """,  # noqa: S608
        "Streamlit {version} is old.",
        "Try the app on a newer one: much was mended since.",
    ),
    Rule(
        "reported-problems",
        "SELECT count(*) AS times, arg_max(support_code, ts) AS code FROM notable "
        "WHERE category = 'report' HAVING count(*) > 0",
        "{times:problem was:problems were} reported by people, the last is {code}.",
        "show --around CODE tells what they did before it, and their words.",
    ),
)
"""The rules of the house, the gravest first; each asks the tables of ``loaded``."""
