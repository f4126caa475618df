"""A log that ends in half a line, as a power failure or a full disk leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit import flush_audit_log, log_event, read_events
from tests.faults.helpers import finish, go, rounds, start
from tests.helpers import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [b'{"ts":"2026-05-19T1', b"{", b"no record", '{"x":"ü'.encode()[:-1], b"\0" * 4_000]


@pytest.mark.parametrize("piece", PIECES)
def test_half_a_line_costs_no_event_of_ours(piece: bytes, log_folder: Path) -> None:
    """Whatever the log ends in stays as it is on a line of its own; ours come whole behind it."""
    path = datatools_audit.audit_log_path()
    for n in range(10):
        log_event("test", "m", n=n)
    assert flush_audit_log(LIMIT)
    before = path.read_bytes()
    path.write_bytes(before + piece)
    for n in range(10, 20):
        log_event("test", "m", n=n)
    assert flush_audit_log(LIMIT)
    assert path.read_bytes().startswith(before + piece + b"\n")
    found = list(read_events(log_folder))
    assert list(range(20)) == [r["n"] for r in found if r.problem is None]
    assert 1 == len([r for r in found if r.problem is not None])


def test_half_a_line_mended_by_many_processes_gets_one_newline(log_folder: Path) -> None:
    """Four processes that come upon half a line at once: no empty line, nothing run together."""
    for turn in range(rounds(2, 20)):
        log_folder.mkdir(exist_ok=True)
        path = datatools_audit.audit_log_path()
        path.write_bytes(PIECES[0])
        crowd = [start("crowd.py", 200) for _ in range(4)]
        go(crowd)
        for process in crowd:
            finish(process)
        raw = path.read_bytes().splitlines(keepends=True)
        assert (PIECES[0] + b"\n", 801, turn) == (raw[0], len(raw), turn)
        assert 800 == sum(r.problem is None for r in read_events(log_folder))
