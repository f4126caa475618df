-- What `datatools-audit export --parquet lake` has written. Read again it doubles nothing.
INSERT INTO events
SELECT
    ts, level, category, session, message, proc, seq, page, outcome, duration_ms,
    support_code, exc_type, exc_message, traceback, app, version, record
FROM file('lake/day=*/*.parquet', Parquet)
WHERE ts IS NOT NULL;
