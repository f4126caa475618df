-- The logs themselves, plain and .gz, without an export. A line that is no record is passed over.
INSERT INTO events
SELECT
    parseDateTime64BestEffortOrNull(JSONExtractString(json, 'ts'), 3, 'UTC') AS ts,
    JSONExtractString(json, 'level'),
    JSONExtractString(json, 'category'),
    JSONExtractString(json, 'session'),
    JSONExtractString(json, 'message'),
    JSONExtractString(json, 'proc') AS proc,
    JSONExtract(json, 'seq', 'Nullable(Int64)') AS seq,
    JSONExtract(json, 'page', 'Nullable(String)'),
    JSONExtract(json, 'outcome', 'Nullable(String)'),
    JSONExtract(json, 'duration_ms', 'Nullable(Float64)'),
    JSONExtract(json, 'support_code', 'Nullable(String)'),
    JSONExtract(json, 'exc_type', 'Nullable(String)'),
    JSONExtract(json, 'exc_message', 'Nullable(String)'),
    JSONExtract(json, 'traceback', 'Nullable(String)'),
    JSONExtract(json, 'app', 'Nullable(String)'),
    JSONExtract(json, 'version', 'Nullable(String)'),
    json
FROM file('logs/datatools-*.{jsonl,jsonl.gz}', LineAsString, 'json String')
WHERE isValidJSON(json) AND ts IS NOT NULL AND proc != '' AND seq IS NOT NULL;
