"""The tables have what `read_events` reads, and can be asked and no more."""

from __future__ import annotations

import datetime
import gzip
import tempfile
from pathlib import Path

import duckdb
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datatools_audit import ReadError, read_events
from datatools_audit.errors import QueryError
from datatools_audit.reading import tables
from datatools_audit.reading.database import Database
from datatools_audit.reading.inputs import Input
from tests.reading.recorded import Recording
from tests.reading.test_store import GOOD, changed, line

SESSION = Path(__file__).parents[1] / "data" / "session.jsonl"
LONG = 1 << 20

ODD = st.sampled_from(
    [
        b'{"ts":"2026-05-19T08:00',
        b'{"ts":"2026\n',
        b"\n",
        b"\r\n",
        b" \t\n",
        b"\x01\n",
        b"hello\n",
        b"\xff\xfe\n",
        b"a\x00b\n",
        b"[1]\n",
        b"null\n",
        b'"text"\n',
        b'{"ts":1}\n',
        b"{}\n",
        b"\xef\xbb\xbf" + line(),
        line()[:-1] + b"\r\n",
        b" " + line(),
        line()[:-2] + b',"x":"\\ud800"}\n',
        line()[:-2] + b',"x":123456789012345678901234567890}\n',
        line()[:-2] + b',"page":5}\n',
        line()[:-2] + b',"bytes":"many"}\n',
        line()[:-2] + b',"x":01}\n',
        line()[:-2] + b',"session":"bbbbbbbb"}\n',
        line()[:-2] + b',"support_code":"E-1","support_code":2}\n',
        line()[:-2] + b',"filename":"gr\xc3\xbc\xc3\x9fe \xf0\x9f\x98\x80.csv"}\n',
        line()[:-1] + line(),
        line()[:-3] + "ä".encode()[:1] + b"\n",
        changed(b'"seq":1', b'"seq":-1'),
        changed(b'"seq":1', b'"seq":18446744073709551615'),
        changed(b'"m"', b'"\x7f"'),
        b'{"seq":1,"ts":"x","level":"info","category":"x","session":"a","message":"q","proc":"p"}\n',
        b"x" * (3 * LONG) + b"\n",
    ]
)
"""Lines of every kind that a log may have; what no recorder writes and DuckDB judges otherwise
is in ``JUDGED_OTHERWISE``."""

JUDGED_OTHERWISE = [
    line()[:-2] + b',"x":NaN}\n',
    line()[:-2] + b',"x":[1,]}\n',
    changed(b'"seq":1', b'"seq":"7"'),
    changed(b'"aaaaaaaa"', b"5"),
    line(x="y" * LONG),
]


def database(*paths: Path) -> Database:
    return Database([Input(path.name, path) for path in paths])


def asked(path: Path, question: str) -> list[tuple[object, ...]]:
    with database(path) as opened:
        return list(opened.ask(question).rows)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(GOOD | ODD, max_size=8).map(b"".join))
def test_database_has_the_records_that_read_events_reads(data: bytes) -> None:
    """Whatever stands in a file: the same records in the same order, with and without `record`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "log.jsonl")
        path.write_bytes(line(seq=5) + data)
        records = [r for r in read_events(path) if r.problem is None]
        expected = [(str(r["message"]), str(r["proc"])) for r in records]
        assert expected == asked(path, "select message, proc from events")
        assert [(len(expected),)] == asked(path, "select count(*) from events")
        with_record = asked(path, "select message, proc from events where record is not null")
        assert expected == with_record
        problems = [(r.offset, r.problem) for r in read_events(path) if r.problem]
        assert problems == asked(path, "select place, problem from problems order by place")


@pytest.mark.parametrize("odd", JUDGED_OTHERWISE)
def test_database_judges_some_foreign_lines_as_records(tmp_path: Path, odd: bytes) -> None:
    """What no recorder writes, but DuckDB can read, is a row; `problems` has it all the same."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(line(2) + odd)
    assert [(2,)] == asked(path, "select count(*) from events")
    assert [(1,)] == asked(path, "select count(*) from problems")


def test_database_types_the_columns(tmp_path: Path) -> None:
    """Moments are in UTC, numbers are numbers, and what is of another type is null."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(
        line(ts="2026-05-19T10:00:00.123+02:00", bytes=5, duration_ms=1.5)
        + line(2, ts="soon", bytes="many", duration_ms=None)
        + changed(b'"seq":1', b'"seq":18446744073709551615')
    )
    moment = datetime.datetime(2026, 5, 19, 8, 0, 0, 123000)
    found = asked(path, "select ts, seq, bytes, duration_ms from events")
    assert [(moment, 1, 5, 1.5), (None, 2, None, None)] == found[:2]
    assert (None,) == found[2][1:2]
    with_record = asked(path, "select ts, seq, bytes, duration_ms, record->>'bytes' from events")
    assert [(*row, bytes_) for row, bytes_ in zip(found, ("5", "many", None), strict=True)] == (
        with_record
    )


def test_database_has_every_column_it_tells_of() -> None:
    """Each table can be asked for each of its columns."""
    with database(SESSION) as opened:
        for name in tables.SAID:
            columns = opened.columns(name)
            chosen = ", ".join(f'"{column}"' for column in columns)
            answer = opened.ask(f"select {chosen} from {name}")
            list(answer.rows)
            assert list(columns) == list(answer.columns)
            assert list(columns.values()) == list(answer.types)


@pytest.mark.parametrize("example", tables.EXAMPLES)
def test_database_answers_the_examples(example: str) -> None:
    """What the command shows as an example finds something."""
    assert asked(SESSION, example)


def test_database_joins_an_action(tmp_path: Path) -> None:
    """Start and end are one row; what has no end has none."""
    record = Recording()
    whole = [record.start("build"), record.end("build")]
    lost = record.start("read")
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in [*whole, lost]))
    found = asked(path, "select action_id, name, outcome, ended is null from actions order by seq")
    assert [("id build", "build", "ok", False), ("id read", "read", None, True)] == found


def test_database_numbers_the_steps() -> None:
    """Each session's steps are numbered in their order; runs of the script are none."""
    found = asked(SESSION, "select number, category, message from steps order by number")
    assert list(range(1, len(found) + 1)) == [number for number, *_ in found]
    assert "run" not in {category for _, category, _ in found}
    assert "Uploaded prices.csv" in {message for *_, message in found}


def test_database_reads_several_files_packed_or_not(tmp_path: Path) -> None:
    """A name may look like a pattern, a quote may be in it, and a file may be packed."""
    names = ["a[1]*?.jsonl", "it's.jsonl", "session=x.jsonl"]
    paths = [tmp_path / name for name in names]
    for number, path in enumerate(paths, start=1):
        path.write_bytes(line(number))
    packed = tmp_path / "d.jsonl.gz"
    packed.write_bytes(gzip.compress(line(4)))
    (tmp_path / "a11.jsonl").write_bytes(line(99))  # what the pattern would find
    with database(*paths, packed) as opened:
        found = list(opened.ask("select seq, session from events order by seq").rows)
    assert [(n, "aaaaaaaa") for n in (1, 2, 3, 4)] == found


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_database_of_nothing_is_empty(tmp_path: Path, data: bytes) -> None:
    """A log without a line has no rows."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(data)
    assert [(0,)] == asked(path, "select count(*) from events")


def test_database_has_every_problem(tmp_path: Path) -> None:
    """However many there are."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(line() + b"foreign\n" * 4_500)
    assert [(4_500, 4_500)] == asked(path, "select count(*), count(distinct place) from problems")


def test_database_refuses_what_is_no_log(tmp_path: Path) -> None:
    """Lines, but no record: somebody has named another file."""
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ReadError, match=r"^table\.csv: no record"):
        database(path)


def test_database_broken_archive_cannot_be_read(tmp_path: Path) -> None:
    """Half an archive is told by its name."""
    path = tmp_path / "log.jsonl.gz"
    data = gzip.compress(b"".join(line(n) for n in range(20_000)))
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises((ReadError, QueryError), match=r"log\.jsonl\.gz"):
        asked(path, "select count(*) from events")


HOSTILE = [
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_csv('/etc/passwd')",
    "select * from read_json('/etc/passwd')",
    "select * from parquet_scan('/etc/passwd')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from '/etc/passwd.csv'",
    "select * from glob('/etc/*')",
    "select * from query('copy events to ''{out}''')",
    "select * from duckdb_secrets()",
    "copy events to '{out}'",
    "copy (select 1) to '{out}'",
    "explain analyze copy (select 1) to '{out}'",
    "export database '{out}'",
    "attach '{out}'",
    "install httpfs",
    "load httpfs",
    "set memory_limit = '9GB'",
    "set enable_external_access = true",
    "reset lock_configuration",
    "pragma enable_profiling",
    "call pragma_version()",
    "create table t as select 1",
    "create or replace view events as select 1",
    "drop view events",
    "insert into events values (1)",
    "checkpoint",
    "use memory",
    "prepare p as select 1",
    "begin",
    "select 1; select 2",
    "select 1; copy events to '{out}'",
    "",
    ";",
    "-- nothing",
    "select * from secret",
    "select * from path",
]


@pytest.mark.parametrize("question", HOSTILE)
def test_database_refuses_what_is_no_question(tmp_path: Path, question: str) -> None:
    """Nothing but its files is read, nothing is written, loaded or set, no variable is found."""
    secret = duckdb.sql("select 'hidden' as word")  # noqa: F841 -- what a query may find by name
    out = tmp_path / "out"
    with database(SESSION) as opened:
        with pytest.raises((QueryError, ReadError)) as raised:
            list(opened.ask(question.format(out=out)).rows)
        assert 2 >= len(str(raised.value).splitlines())
        with pytest.raises((QueryError, ReadError)):
            opened.write_parquet(question.format(out=out), tmp_path / "rows.parquet")
        assert [(70,)] == list(opened.ask("select count(*) from events").rows)
    assert [] == list(tmp_path.iterdir())


def test_database_reads_no_log_beside_its_own(tmp_path: Path) -> None:
    """Another log of the same folder is not there."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(line())
    other = tmp_path / "other.jsonl"
    other.write_bytes(line())
    with pytest.raises(QueryError, match="Permission"):
        asked(path, f"select * from read_json('{other}')")


def test_database_says_that_memory_is_short(tmp_path: Path) -> None:
    """A question for which neither memory nor the temporary folder does is told in one line."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(line(n, text="x" * 500) for n in range(60_000)))
    with Database([Input("log", path)], memory_limit_mb=80) as opened:
        with pytest.raises(QueryError, match=r"^the question needs more than 80 MB of memory"):
            list(opened.ask("select list(text order by text), list(message) from events").rows)
        assert [(1,)] == list(opened.ask("select 1").rows)


def test_database_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder is gone when it is closed, and when it could not be opened."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with database(SESSION):
        assert 1 == len(list(tmp_path.iterdir()))
    assert [] == list(tmp_path.iterdir())
    foreign = Path(__file__)
    with pytest.raises(ReadError):
        database(foreign)
    assert [] == list(tmp_path.iterdir())
