"""Records are streamed back; what is no record is reported in its place."""

from __future__ import annotations

import codecs
import gzip
import os
from pathlib import Path

import orjson
import pytest

import datatools_audit as audit
from datatools_audit import ReadError, Record, read_events
from datatools_audit.reading.reader import LONGEST_LINE_BYTES, parse_line

LINE = (
    b'{"ts":"2026-05-19T21:22:47.123+00:00","level":"info","category":"upload",'
    b'"session":"a1b2c3d4","message":"Uploaded x.csv","proc":"9f3e12ab","seq":17}\n'
)


def line(seq: int) -> bytes:
    return LINE.replace(b'"seq":17', b'"seq":%d' % seq)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Name a log of its own that the test fills."""
    return tmp_path / "datatools-2026-05-19.jsonl"


def problems(path: Path) -> list[tuple[object, object]]:
    """Return sequence number and problem of each record."""
    return [(record.get("seq"), record.problem) for record in read_events(path)]


def test_reader_returns_what_was_logged() -> None:
    """What was logged comes back, field by field and byte by byte."""
    audit.log_event("upload", "Uploaded x.csv", rows=5, note="é\u2028\x1b")
    audit.log_event("a", "m")
    assert audit.flush_audit_log(10)
    path = audit.audit_log_path()
    first, second = read_events(path)
    assert (
        first["message"],
        first["rows"],
        first["note"],
        first.problem,
    ) == ("Uploaded x.csv", 5, "é\u2028\x1b", None)
    assert path.read_bytes() == first.raw + second.raw
    assert (path, 0, len(first.raw)) == (first.source, first.offset, second.offset)


@pytest.mark.parametrize("size", [1, 2, 6, 7, 8, 40, 100, len(LINE) - 2])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_reader_reports_a_torn_last_line(log: Path, size: int, end: bytes) -> None:
    """The beginning of a record, ended or not, is ``torn``; the records before it are there."""
    log.write_bytes(line(1) + LINE[:size] + end)
    assert problems(log) == [(1, None), (None, "torn")]


def test_reader_takes_a_last_record_without_its_end(log: Path) -> None:
    """A whole record whose newline is missing is a record."""
    log.write_bytes(line(1) + line(2).rstrip())
    assert problems(log) == [(1, None), (2, None)]


def test_reader_goes_on_after_a_torn_line(log: Path) -> None:
    """Torn lines at the beginning and in the middle are reported, each in its place."""
    log.write_bytes(LINE[:40] + b"\n" + line(1) + LINE[:90] + b"\n" + line(2))
    assert problems(log) == [(None, "torn"), (1, None), (None, "torn"), (2, None)]


def test_reader_reports_two_lines_grown_together(log: Path) -> None:
    """Half a line that the next record follows at once is reported, never half read."""
    log.write_bytes(LINE[:60] + line(1) + line(2))
    assert problems(log) == [(None, "torn"), (2, None)]


FOREIGN = {
    "array": b"[1,2]",
    "number": b"17",
    "null": b"null",
    "object": b'{"a":1}',
    "object with some names": b'{"ts":1,"level":"info","message":"x"}',
    "text": b"hello world",
    "end of a record": LINE[50:-1],
    "NaN": LINE.replace(b"17", b"NaN")[1:-1],
    "binary": bytes(set(range(256)) - {10}),
    "NUL bytes": b"\0" * 100,
    "not UTF-8": b'"\xff\xfe"',
    "deep": b"[" * 100_000,
    "surrogate": b'["\\ud800"]',
    "mark of byte order": b"\xef\xbb\xbf" + LINE[:-1],
    "UTF-16": "text".encode("utf-16-le"),
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN)
def test_reader_reports_a_foreign_line(log: Path, data: bytes) -> None:
    """Whatever else stands in the file is ``foreign``, and the records around it are there."""
    log.write_bytes(line(1) + data + b"\n" + line(2))
    assert problems(log) == [(1, None), (None, "foreign"), (2, None)]


def test_reader_describes_what_is_no_record(log: Path) -> None:
    """A reported line is a record of the log about itself, with the line's bytes."""
    log.write_bytes(line(1) + b"hello \xff\n")
    bad = list(read_events(log))[1]
    assert {
        "level": "warning",
        "category": "audit",
        "message": f"No record at byte {len(LINE) - 1} of {log.name}",
        "problem": "foreign",
        "line": "hello \ufffd",
    } == bad
    assert (b"hello \xff\n", len(LINE) - 1, log) == (bad.raw, bad.offset, bad.source)


@pytest.mark.parametrize("data", [b"", b"\n", b"\n\n \n\r\n\t\n"])
def test_reader_finds_nothing_in_an_empty_file(log: Path, data: bytes) -> None:
    """An empty file has no records, and an empty line is none."""
    log.write_bytes(data)
    assert problems(log) == []


def test_reader_takes_other_line_ends(log: Path) -> None:
    """A file that went through Windows is read as well."""
    log.write_bytes((line(1) + line(2)).replace(b"\n", b"\r\n"))
    assert problems(log) == [(1, None), (2, None)]


@pytest.mark.parametrize("begin", [b"x", b'{"ts":"', b"\0", b'"'])
def test_reader_bounds_an_endless_line(log: Path, begin: bytes) -> None:
    """Of 5 MiB without a newline one reported line and a beginning are kept."""
    data = begin + b"x" * (5 << 20)
    log.write_bytes(line(1) + data + b"\n" + line(2))
    first, bad, second = read_events(log)
    assert (first["seq"], second["seq"]) == (1, 2)
    assert bad.problem is not None
    assert (LONGEST_LINE_BYTES, len(line(1))) == (len(bad.raw), bad.offset)
    assert len(line(1)) + len(data) + 1 == second.offset


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_reader_ends_with_an_endless_line(log: Path, more: int) -> None:
    """A line of about the bound, at the end of the file, is reported once."""
    log.write_bytes(line(1) + b"x" * (LONGEST_LINE_BYTES + more))
    assert problems(log) == [(1, None), (None, "foreign")]


def test_reader_knows_where_each_line_begins(log: Path) -> None:
    """The offset leads back to the line, behind lines of every kind."""
    log.write_bytes(line(1) + b"\n\r\n" + LINE[:9] + b"\n" + b"x" * (2 << 20) + b"\n\0\n" + line(2))
    data = log.read_bytes()
    for record in read_events(log):
        assert data[record.offset :].startswith(record.raw)


def test_reader_streams_to_where_the_log_ended(log: Path) -> None:
    """Records come one by one; a log that grows meanwhile is read to its former end."""
    log.write_bytes(line(1) * 3)
    stream = read_events(log)
    assert next(stream)["seq"] == 1
    with log.open("ab") as more:
        more.write(line(2))
    assert [record["seq"] for record in stream] == [1, 1]


# --- packed


def test_reader_reads_a_packed_log(tmp_path: Path) -> None:
    """A ``.gz`` is read like the log that it holds, offsets and all."""
    path = tmp_path / "datatools-2026-05-19.jsonl.gz"
    path.write_bytes(gzip.compress(line(1) + LINE[:20] + b"\n" + line(2)))
    found = list(read_events(path))
    assert [record.problem for record in found] == [None, "torn", None]
    assert [0, len(line(1)), len(line(1)) + 21] == [record.offset for record in found]


def test_reader_bounds_a_packed_endless_line(tmp_path: Path) -> None:
    """A small file that unpacks to 50 MiB without a newline is one reported line."""
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b"\0" * (50 << 20)))
    assert problems(path) == [(None, "foreign")]


def _damaged(position: int) -> bytes:
    data = bytearray(gzip.compress(b"".join(map(line, range(2000))), mtime=0))
    data[position:] = bytes(len(data[position:]))
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(gzip.compress(LINE * 100)[:-5], id="without its end"),
        pytest.param(gzip.compress(LINE * 100)[:30], id="cut in the middle"),
        pytest.param(gzip.compress(LINE)[:5], id="cut in the head"),
        pytest.param(LINE, id="not packed"),
        pytest.param(gzip.compress(LINE) + b"more", id="something behind it"),
        pytest.param(gzip.compress(LINE)[:-8] + bytes(8), id="wrong sum"),
        pytest.param(gzip.compress(LINE)[:10] + b"\xff" * 50, id="damaged at the beginning"),
        pytest.param(_damaged(1000), id="damaged in the middle"),
    ],
)
def test_reader_refuses_a_damaged_packed_log(tmp_path: Path, data: bytes) -> None:
    """A packed log that cannot be unpacked to its end is a ``ReadError``."""
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"x\.jsonl\.gz"):
        list(read_events(path))


def test_reader_returns_what_came_before_the_damage(tmp_path: Path) -> None:
    """The records before the damage have been streamed by then."""
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(map(line, range(50_000))))[:-100])
    found: list[object] = []
    with pytest.raises(ReadError):
        found.extend(record["seq"] for record in read_events(path))
    assert found
    assert list(range(len(found))) == found


# --- which files


def test_reader_reads_a_folder_by_name(tmp_path: Path) -> None:
    """Of a folder its logs are read, packed ones too, and nothing else."""
    for number, day in enumerate(("2026-05-20", "2026-05-18", "2026-05-19")):
        (tmp_path / f"datatools-{day}.jsonl").write_bytes(line(number))
    (tmp_path / "datatools-2026-05-17.jsonl.gz").write_bytes(gzip.compress(line(9)))
    for name in ("other.jsonl", "datatools-2026-05-18.txt", "datatools.jsonl"):
        (tmp_path / name).write_bytes(line(99))
    found = [record["seq"] for record in read_events(tmp_path)]
    assert [seq for seq in found if seq != 9] == [1, 2, 0]
    assert found.count(9) == 1


@pytest.mark.parametrize("kind", [list, tuple, iter, lambda paths: (p for p in paths)])
def test_reader_reads_several_paths(tmp_path: Path, kind: object) -> None:
    """Several files and folders, as paths or texts, are read in the order given."""
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_bytes(line(1))
    two.write_bytes(line(2))
    (tmp_path / "logs").mkdir()
    paths = kind([str(two), one, tmp_path / "logs", str(two)])  # type: ignore[operator]
    assert [record["seq"] for record in read_events(paths)] == [2, 1, 2]


def test_reader_takes_a_path_as_text(log: Path) -> None:
    """One path may be a text."""
    log.write_bytes(line(1))
    assert [record["seq"] for record in read_events(str(log))] == [1]


def test_reader_reads_no_paths_and_an_empty_folder(tmp_path: Path) -> None:
    """Nothing to read is nothing read."""
    assert [*read_events([]), *read_events(tmp_path)] == []


def test_reader_follows_a_symlink(log: Path, tmp_path: Path) -> None:
    """A link to a log is read like the log."""
    log.write_bytes(line(1))
    link = tmp_path / "link.jsonl"
    link.symlink_to(log)
    assert problems(link) == [(1, None)]


@pytest.mark.parametrize("name", ["missing.jsonl", "missing/x.jsonl", "x" * 300, "nul\0name", ""])
def test_reader_refuses_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    """A path at which no file can be is a ``ReadError``."""
    path = f"{tmp_path}/missing{name}"
    with pytest.raises(ReadError):
        list(read_events(path))


def test_reader_refuses_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    """A link to nothing, or to itself, is a ``ReadError``."""
    for name, target in (("gone", "missing"), ("loop", "loop")):
        (tmp_path / name).symlink_to(tmp_path / target)
        with pytest.raises(ReadError, match=name):
            list(read_events(tmp_path / name))


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_reader_refuses_a_fifo_without_waiting(tmp_path: Path, suffix: str) -> None:
    """What is no plain file is refused at once: a FIFO's writer may never come."""
    path = tmp_path / f"x{suffix}"
    os.mkfifo(path)
    link = tmp_path / f"link{suffix}"
    link.symlink_to(path)
    for each in (path, link, Path("/dev/null")):
        with pytest.raises(ReadError, match="no plain file"):
            list(read_events(each))


def test_reader_error_is_ours(tmp_path: Path) -> None:
    """It derives from ``AuditError`` and keeps the system's own error as its cause."""
    with pytest.raises(audit.AuditError) as info:
        list(read_events(tmp_path / "missing"))
    assert isinstance(info.value.__cause__, FileNotFoundError)


# --- the record


def test_record_is_a_mapping_with_a_place() -> None:
    """A record is a dictionary that knows its bytes, file and offset."""
    found = parse_line(LINE, Path("x"), 5)
    assert orjson.loads(LINE) == found
    assert isinstance(found, dict)
    assert (LINE, Path("x"), 5, None) == (found.raw, found.source, found.offset, found.problem)


@pytest.mark.parametrize("data", [b"", b"\n", b"{", b"\0", b'{"ts":"', b"[]", b"\xff", LINE * 2])
def test_record_of_any_bytes_is_one(data: bytes) -> None:
    """Whatever the bytes are, they become a record."""
    assert isinstance(parse_line(data, Path("x"), 0), Record)


def test_read_events_of_a_folder_passes_over_what_is_no_file(tmp_path: Path) -> None:
    """A folder or FIFO that is called like a log does not keep the others from being read."""
    (tmp_path / "datatools-2026-05-18.jsonl").mkdir()
    os.mkfifo(tmp_path / "datatools-2026-05-19.jsonl")
    (tmp_path / "datatools-2026-05-20.jsonl").write_bytes(b"odd\n")
    assert ["foreign"] == [record.problem for record in read_events(tmp_path)]


def test_read_events_sieves_lines_by_their_bytes(tmp_path: Path) -> None:
    """Only lines with the bytes come back, each from its own place in the file."""
    log = tmp_path / "x.jsonl"
    log.write_bytes(b"one\ntwo\nthree\n")
    assert [(4, b"two\n")] == [(r.offset, r.raw) for r in read_events(log, containing=b"tw")]


def test_reader_passes_over_the_mark_of_an_editor(tmp_path: Path) -> None:
    """A log that was saved by an editor has all its records, and a mark elsewhere is foreign."""
    path = tmp_path / "log.jsonl"
    path.write_bytes(codecs.BOM_UTF8 + line(1) + line(2) + codecs.BOM_UTF8 + line(3))
    first, second, third = read_events(path)
    assert (1, line(1), None) == (first["seq"], first.raw, first.problem)
    assert (2, "foreign") == (second["seq"], third.problem)
