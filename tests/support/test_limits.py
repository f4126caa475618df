"""The newest that fits; what is no record; memory."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from datatools_audit.support.bundle import pack
from datatools_audit.support.verify import verify
from tests.support.made import line, previewed, records, session_lines, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator


def many(count: int) -> list[bytes]:
    return [line(seq, "order", f"number {seq:05}") for seq in range(1, count + 1)]


def test_limits_leave_the_oldest_out_and_say_so() -> None:
    """Preview, manifest and README name the limit and how many lines it cost."""
    lines = many(100)
    found = previewed(lines, most_bytes=sum(map(len, lines[-30:])))
    assert list(range(71, 101)) == [each["seq"] for each in records(found)]
    assert (30, 70) == (found.events, found.oldest_left_out)
    data = pack(found, {})
    kept = unpacked(data)
    assert 70 == json.loads(kept["manifest.json"])["left_out"]["oldest"]
    size = found.choice.most_bytes
    said = f"The bundle has at most {size:,} bytes of events: 70 earlier lines left out."
    assert said in kept["README.txt"].decode()
    assert [] == verify(data)


@pytest.mark.parametrize("most_bytes", [-1, 0, 1, 200, 1000, 4096])
def test_limits_are_kept_whatever_they_are(most_bytes: int) -> None:
    """No bundle has more bytes of events than it may, and each line is accounted for."""
    lines = many(50)
    found = previewed(lines, most_bytes=most_bytes)
    assert len(found.events_jsonl) <= max(most_bytes, 0)
    assert 50 == found.events + found.oldest_left_out
    assert [] == verify(pack(found, {}))


def test_limits_hold_where_a_pseudonym_is_longer() -> None:
    """A text that grows by being redacted pushes the oldest out, not the limit up."""
    lines = [line(seq, "order", "a@b.de " * 20) for seq in range(1, 41)]
    limit = sum(map(len, lines[-20:]))
    found = previewed(lines, most_bytes=limit)
    assert len(found.events_jsonl) <= limit
    assert 0 < found.events < 20
    assert 40 == records(found)[-1]["seq"]
    assert 40 == found.events + found.oldest_left_out
    assert found.redactions["email"] == 20 * found.events


def test_limits_count_what_a_line_has_when_it_leaves() -> None:
    """Where texts are ticked off the lines are shorter, and more of them fit."""
    lines = [line(n, "log", "x" * 500, fields={"logger": "a"}) for n in range(1, 31)]
    limit = sum(map(len, lines[-10:]))
    assert 10 == previewed(lines, most_bytes=limit).events
    assert previewed(lines, most_bytes=limit, logging=False).events > 20


BAD = {
    "torn": session_lines()[0][:40] + b"\n",
    "torn at the end": session_lines()[0][:60],
    "foreign": b"Traceback (most recent call last):\n",
    "a foreign object": b'{"time":"2026","msg":"x"}\n',
    "no object": b"[1,2]\n",
    "no UTF-8": session_lines()[0].replace(b"Shop", b"Sh\xffp"),
    "NUL": b"\x00" * 100 + b"\n",
    "overlong": line(1, "order", "x")[:-2] + b" " * (1 << 20) + b"}\n",
    "overlong and foreign": b"x" * ((1 << 20) + 1),
    "a session of somebody's": line(1, "order", "x", session="anna@shop.example"),
    "a process of somebody's": line(1, "order", "x", proc="anna@shop.example"),
    "a time that is none": line(1, "order", "x").replace(b"2026-05-19T", b"at Anna's "),
    "a level that is none": line(1, "order", "x").replace(b'"info"', b'"anna"'),
    "a number beyond": line(1 << 63, "order", "x"),
    "a number below": line(-1, "order", "x"),
    "deep": line(1, "order", "x")[:-2] + b',"x":' + b"[" * 400 + b"]" * 400 + b"}\n",
    "deeper": line(1, "order", "x")[:-2] + b',"x":' + b"[" * 9000 + b"]" * 9000 + b"}\n",
}


@pytest.mark.parametrize("bad", list(BAD.values()), ids=list(BAD))
def test_limits_leave_out_what_is_no_record(bad: bytes) -> None:
    """A line that is none of ours does not leave, is counted, and costs no other."""
    lines = [line(1, "order", "before"), bad, line(2, "order", "after")]
    found = previewed(lines, logging=False)
    assert (["before", "after"], 1) == ([r["message"] for r in records(found)], found.no_record)
    kept = unpacked(pack(found, {}))
    assert 1 == json.loads(kept["manifest.json"])["left_out"]["no_record"]
    assert "No event, or damaged, and left out: 1 line." in kept["README.txt"].decode()


def test_limits_an_overlong_line_costs_no_other() -> None:
    """A line longer than all that may leave does not push the others out."""
    found = previewed([line(1, "order", "x"), b"x" * (5 << 20)], most_bytes=1 << 20)
    assert (1, 1, 0) == (found.events, found.no_record, found.oldest_left_out)


def test_limits_pass_empty_lines_over() -> None:
    """An empty line is nothing, as for the reader."""
    found = previewed([b"\n", line(1, "order", "x"), b"", b" \r\n"])
    assert (1, 0) == (found.events, found.no_record)


def test_limits_bound_memory_by_the_limit_and_not_by_the_log() -> None:
    """Of 300,000 lines the last MiB takes some MiB, the log's 60 MiB never."""
    read = 0

    def log() -> Iterator[bytes]:
        nonlocal read
        whole = line(1, "order", "of anna@shop.example " + "x" * 40)
        before, after = whole.split(b'"seq":1,')
        for seq in range(1, 300_001):
            each = b'%b"seq":%d,%b' % (before, seq, after)
            read += len(each)
            yield each

    limit = 1 << 20
    previewed(session_lines())  # what is made once, as the rules, is not of this log
    tracemalloc.start()
    try:
        found = previewed(log(), most_bytes=limit)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 300_000 == found.events + found.oldest_left_out
    assert limit * 0.9 < len(found.events_jsonl) <= limit
    assert peak < 12 * limit < read
