"""Logs as Parquet: every record once, by day, and nothing that was there is lost."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from datatools_audit.errors import ExportError
from datatools_audit.export import parquet
from datatools_audit.export.parquet import write_days
from datatools_audit.reading import tables
from datatools_audit.reading.database import Database
from datatools_audit.reading.inputs import inputs
from tests.support.made import line

if TYPE_CHECKING:
    from pathlib import Path

EVENING = b'{"ts":"2026-05-19T23:30:00.000+00:00"'
BERLIN = b'{"ts":"2026-05-20T01:15:00.000+02:00"'  # the same evening in UTC


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Make a folder of two logs, one packed: nine records of two days, and what is none."""
    folder = tmp_path / "logs"
    folder.mkdir()
    packed = [line(seq, "import", "Read it", rows=seq, table="a'b\n") for seq in range(1, 6)]
    (folder / "datatools-2026-05-18.jsonl.gz").write_bytes(gzip.compress(b"".join(packed)))
    moments = [EVENING, BERLIN, b'{"ts":"2026-05-20T10:00:00.000+00:00"', b'{"ts":"no moment"']
    plain = [
        moment + line(seq, "nav", f"Opened {seq}").removeprefix(b'{"ts":"')[29 + 1 :]
        for seq, moment in enumerate(moments, start=6)
    ]
    (folder / "datatools-2026-05-19.jsonl").write_bytes(b"".join(plain) + b'garbage\n{"a":1}\n')
    return folder


def written(logs: Path, target: Path, name: str = "events", **how: bool) -> list[parquet.Part]:
    with inputs([str(logs)]) as found, Database(found) as database:
        return write_days(database, target, name, **how)


def rows(target: Path, columns: str = "day, seq") -> list[Any]:
    found = duckdb.read_parquet(f"{target}/*/*.parquet", hive_partitioning=True)
    return found.project(columns).order("all").fetchall()


def test_parquet_has_each_record_on_its_day_in_utc(logs: Path, tmp_path: Path) -> None:
    """What is no record is left out, and a record without a moment is not."""
    parts = written(logs, tmp_path / "lake")
    assert [("2026-05-19", 5), ("2026-05-19", 2), ("2026-05-20", 1), ("undated", 1)] == [
        (part.day, part.events) for part in parts
    ]
    found = rows(tmp_path / "lake", "day::text as day, seq")
    expected = [*(("2026-05-19", n) for n in range(1, 8)), ("2026-05-20", 8), ("undated", 9)]
    assert expected == found


def test_parquet_loses_nothing_of_a_record(logs: Path, tmp_path: Path) -> None:
    """Each common field is a column of its type, and the record is there whole."""
    written(logs, tmp_path / "lake")
    found = duckdb.read_parquet(f"{tmp_path}/lake/*/*.parquet")
    kinds = dict(zip(found.columns, map(str, found.types), strict=True))
    assert tables.COLUMNS == {name: kinds[name] for name in tables.COLUMNS}
    whole = [json.loads(text) for (text,) in rows(tmp_path / "lake", "record")]
    original = [
        json.loads(raw)
        for raw in gzip.decompress(
            (logs / "datatools-2026-05-18.jsonl.gz").read_bytes()
        ).splitlines()
    ]
    assert original == sorted((each for each in whole if each["seq"] < 6), key=lambda e: e["seq"])


def test_parquet_of_another_machine_lies_beside(logs: Path, tmp_path: Path) -> None:
    """Names tell machines apart, also where one begins with the other."""
    for name in ("web", "web-1"):
        written(logs, tmp_path / "lake", name)
    written(logs, tmp_path / "lake", "web", replace=True)
    assert 18 == len(rows(tmp_path / "lake"))


def test_parquet_refuses_to_replace_unasked(logs: Path, tmp_path: Path) -> None:
    """Nothing is written then, and anew it is what it was."""
    written(logs, tmp_path / "lake")
    before = {path: path.read_bytes() for path in tmp_path.glob("lake/*/*")}
    with pytest.raises(ExportError, match="is there already; give another --name"):
        written(logs, tmp_path / "lake")
    assert before == {path: path.read_bytes() for path in tmp_path.glob("lake/*/*")}
    written(logs, tmp_path / "lake", replace=True)
    assert 9 == len(rows(tmp_path / "lake"))
    assert set(before) == set(tmp_path.glob("lake/*/*"))


def test_parquet_keeps_what_is_of_a_log_that_is_gone(logs: Path, tmp_path: Path) -> None:
    """Of a day that two logs share, as with another time zone, retention takes nothing away."""
    late = b'{"ts":"2026-05-19T00:10:00.000+00:00"' + line(10, "nav", "x")[37:]
    with (logs / "datatools-2026-05-18.jsonl").open("wb") as file:
        file.write(late)
    written(logs, tmp_path / "lake")
    expected = rows(tmp_path / "lake")
    for gone in logs.glob("datatools-2026-05-18.*"):
        gone.unlink()
    written(logs, tmp_path / "lake", replace=True)
    assert expected == rows(tmp_path / "lake")


def test_parquet_of_a_log_that_was_packed_since_is_the_same(logs: Path, tmp_path: Path) -> None:
    """The log, its archive and both beside each other stand for one log."""
    written(logs, tmp_path / "lake")
    expected, files = rows(tmp_path / "lake"), set(tmp_path.glob("lake/*/*"))
    log = logs / "datatools-2026-05-19.jsonl"
    both = log.read_bytes().splitlines(keepends=True)
    log.with_name(f"{log.name}.gz").write_bytes(gzip.compress(b"".join(both[:2])))
    log.write_bytes(b"".join(both[2:]))
    written(logs, tmp_path / "lake", replace=True)
    assert (expected, files) == (rows(tmp_path / "lake"), set(tmp_path.glob("lake/*/*")))


def test_parquet_written_by_two_at_once_is_whole(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither takes the other's half a file for its own, nor leaves one behind."""
    copyfile = parquet.shutil.copyfile

    def copy_amid_another(source: Path, target: Path) -> None:
        monkeypatch.setattr(parquet.shutil, "copyfile", copyfile)
        copyfile(source, target)
        written(logs, tmp_path / "lake", replace=True)

    monkeypatch.setattr(parquet.shutil, "copyfile", copy_amid_another)
    written(logs, tmp_path / "lake", replace=True)
    assert 9 == len(rows(tmp_path / "lake"))
    assert set(tmp_path.glob("lake/*/*.parquet")) == set(tmp_path.glob("lake/*/*"))


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "_hidden", "a b", "ä"])
def test_parquet_name_is_one_of_a_file(name: str, logs: Path, tmp_path: Path) -> None:
    """Nothing lands outside of the folder."""
    with pytest.raises(ExportError, match="is no name for a file"):
        written(logs, tmp_path / "lake", name)
    assert not (tmp_path / "lake").exists()


def test_parquet_that_cannot_be_written_leaves_no_half_a_file(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk ends it with what it says, and what was there stays."""
    written(logs, tmp_path / "lake")
    before = {path: path.read_bytes() for path in tmp_path.glob("lake/*/*")}

    def fill(_source: Path, target: Path) -> None:
        target.write_bytes(b"PAR1")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet.shutil, "copyfile", fill)
    with pytest.raises(OSError, match=r"No space.*lake/day=.*parquet'"):
        written(logs, tmp_path / "lake", replace=True)
    assert before == {path: path.read_bytes() for path in tmp_path.glob("lake/*/*")}
