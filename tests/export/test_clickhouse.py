"""The recipes for ClickHouse, run by its own engine: each record once, however often it is read."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chdb.session import Session

from datatools_audit.export.parquet import write_days
from datatools_audit.reading import tables
from datatools_audit.reading.database import Database
from datatools_audit.reading.inputs import inputs
from tests.support.made import line

if TYPE_CHECKING:
    from collections.abc import Iterator

RECIPES = Path(__file__).parents[2] / "deploy" / "clickhouse"
COUNT = 500


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make `logs`, of which one is packed and one has a torn line, and `lake` of them."""
    logs = tmp_path / "logs"
    logs.mkdir()
    lines = [
        line(seq, "import", f"Read 'it' {seq}", page=None if seq % 2 else "upload", rows=seq)
        for seq in range(1, COUNT + 1)
    ]
    packed = gzip.compress(b"".join(lines[:200]))
    (logs / "datatools-2026-05-18.jsonl.gz").write_bytes(packed)
    plain = b"".join(lines[200:]) + b'{"a":1}\ngarbage\n' + lines[-1][:40]
    (logs / "datatools-2026-05-19.jsonl").write_bytes(plain)
    with inputs([str(logs)]) as found, Database(found) as database:
        write_days(database, tmp_path / "lake", "events")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def clickhouse(folder: Path) -> Iterator[Session]:
    """Give an engine with the table and nothing in it."""
    session = Session(str(folder / "clickhouse"))
    session.query(recipe("events"))
    yield session
    session.close()
    shutil.rmtree(folder / "clickhouse", ignore_errors=True)


def recipe(name: str) -> str:
    return (RECIPES / f"{name}.sql").read_text().rstrip().removesuffix(";")


def asked(clickhouse: Session, question: str) -> list[list[object]]:
    told = str(clickhouse.query(question, "JSONCompactEachRow"))
    return [json.loads(row) for row in told.splitlines()]


@pytest.mark.parametrize("insert", ["insert-parquet", "insert-jsonl"])
def test_clickhouse_has_each_record_once(clickhouse: Session, insert: str) -> None:
    """Read twice, as by a job that was started again, it is there once; its values are its own."""
    for _ in range(2):
        clickhouse.query(recipe(insert))
    counted = (
        "SELECT count()::Int32, uniqExact(proc, seq)::Int32, sum(seq)::Int32 FROM events FINAL"
    )
    assert [[COUNT, COUNT, COUNT * (COUNT + 1) // 2]] == asked(clickhouse, counted)
    one = "SELECT toString(ts), level, category, session, message, page FROM events FINAL "
    assert [
        ["2026-05-19 14:05:00.000", "info", "import", "a1b2c3d4", "Read 'it' 300", "upload"],
        ["2026-05-19 14:05:01.000", "info", "import", "a1b2c3d4", "Read 'it' 301", None],
    ] == asked(clickhouse, one + "WHERE seq IN (300, 301) ORDER BY seq")
    rows = "SELECT JSONExtractInt(record, 'rows')::Int32 FROM events FINAL WHERE seq = 7"
    assert [[7]] == asked(clickhouse, rows)


def test_clickhouse_takes_both_ways_for_the_same(clickhouse: Session) -> None:
    """Who changes from logs to Parquet has nothing twice."""
    clickhouse.query(recipe("insert-parquet"))
    clickhouse.query(recipe("insert-jsonl"))
    assert [[COUNT]] == asked(clickhouse, "SELECT count()::Int32 FROM events FINAL")


def test_clickhouse_takes_what_has_a_moment_and_a_number(clickhouse: Session, folder: Path) -> None:
    """What has none, as no recorder writes it, and an archive half made are left by both ways."""
    other = line(1, "x", "m").replace(b'"seq":1,', b'"seq":18446744073709551616,')
    log = folder / "logs" / "datatools-2026-05-20.jsonl"
    log.write_bytes(other + line(COUNT + 1, "x", "m").replace(b'{"ts":"2', b'{"ts":"x'))
    log.with_name(f"{log.name}.gz.new").write_bytes(line(COUNT + 2, "x", "m"))
    with inputs(["logs"]) as found, Database(found) as database:
        write_days(database, folder / "lake", "events", replace=True)
    for insert in ("insert-parquet", "insert-jsonl"):
        clickhouse.query(recipe(insert))
        assert [[COUNT, COUNT]] == asked(
            clickhouse, "SELECT count()::Int32, max(seq)::Int32 FROM events FINAL"
        )


def test_clickhouse_reads_an_archive_of_several_days_work(
    clickhouse: Session, folder: Path
) -> None:
    """A day that was packed again has several members, and is read to its end by all."""
    log = folder / "logs" / "datatools-2026-05-18.jsonl.gz"
    more = [gzip.compress(each) for each in (b"\n", line(COUNT + 1, "x", "m"))]
    log.write_bytes(log.read_bytes() + b"".join(more))
    clickhouse.query(recipe("insert-jsonl"))
    count = "SELECT count()::Int32 FROM events FINAL"
    assert [[COUNT + 1]] == asked(clickhouse, count)
    with inputs(["logs"]) as found, Database(found) as database:
        assert [(COUNT + 1,)] == database.run("select count(*) from events")
        write_days(database, folder / "lake", "events", replace=True)
    clickhouse.query(recipe("insert-parquet"))
    assert [[COUNT + 1]] == asked(clickhouse, count)


def test_clickhouse_columns_are_ours() -> None:
    """Each column of the table is one that the export has."""
    columns = re.findall(r"^    (\w+) ", recipe("events"), re.MULTILINE)
    assert "record" == columns[-1]
    assert set() == set(columns[:-1]) - set(tables.COLUMNS)
