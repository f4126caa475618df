-- The records of DataTools Audit in ClickHouse. A line may arrive twice: of one process and number the
-- newer row stays, at the latest when somebody asks with FINAL. After 400 days a row goes: see TTL.
CREATE TABLE IF NOT EXISTS events
(
    ts DateTime64(3, 'UTC'),
    level LowCardinality(String),
    category LowCardinality(String),
    session String,
    message String,
    proc String,
    seq Int64,
    page LowCardinality(Nullable(String)),
    outcome LowCardinality(Nullable(String)),
    duration_ms Nullable(Float64),
    support_code Nullable(String),
    exc_type LowCardinality(Nullable(String)),
    exc_message Nullable(String),
    traceback Nullable(String) CODEC(ZSTD),
    app LowCardinality(Nullable(String)),
    version LowCardinality(Nullable(String)),
    record String CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (toDate(ts), proc, seq)
TTL toDateTime(ts) + INTERVAL 400 DAY;
