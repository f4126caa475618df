-- What `datatools-audit export --parquet lake` has written. Read again it doubles nothing.
-- A record without a moment or a number is passed over: what is null there is read as 0.
INSERT INTO events
SELECT
    ts, level, category, session, message, proc, seq, page, outcome, duration_ms,
    support_code, exc_type, exc_message, traceback, app, version, record
FROM file('lake/day=*/*.parquet', Parquet)
WHERE ts > '1970-01-01' AND seq > 0;
