-- What `datatools-audit export --parquet lake` has written. Read again it doubles nothing.
-- The setting: else a number that is null there would be read as 0.
INSERT INTO events
SELECT
    ts, level, category, session, message, proc, seq, page, outcome, duration_ms,
    support_code, exc_type, exc_message, traceback, app, version, record
FROM file('lake/day=*/*.parquet', Parquet)
WHERE ts IS NOT NULL AND seq IS NOT NULL
SETTINGS use_structure_from_insertion_table_in_table_functions = 0;
