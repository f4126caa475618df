"""Tests of ``tail``: the end of today's log, and a log as it grows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit.reading.follow import follow
from datatools_audit.reading.reader import parse_line
from tests.cli.conftest import Done, written
from tests.reading.recorded import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Command = Callable[..., Done]


def test_tail_is_the_end_of_today(command: Command) -> None:
    """The last records, one line each, without what is for debugging."""
    for n in range(30):
        datatools_audit.log_event("note", f"number {n}", level="debug" if n % 2 else "info")
    assert datatools_audit.flush_audit_log(5)
    done = command("tail", "-n", "3")
    assert ["number 24", "number 26", "number 28"] == [
        line.split("  ")[-1] for line in done.out.splitlines()
    ]
    lines = command("tail", "-n", "3", "--json").out.splitlines()
    assert ["number 27", "number 28", "number 29"] == [json.loads(e)["message"] for e in lines]


def test_tail_before_anything_was_recorded(command: Command) -> None:
    """It says so; that is no fault."""
    done = command("tail")
    assert (0, True) == (done.status, done.out.startswith("Nothing has been recorded today"))


def test_tail_goes_on_behind_half_a_line(
    command: Command, log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a line is no line yet: it is shown once, when it is whole."""
    log_folder.mkdir()
    path = datatools_audit.audit_log_path()
    record = Recording()
    lines = [json.dumps(record("note", f"n {n}")).encode() + b"\n" for n in range(4)]
    path.write_bytes(b"".join(lines[:3])[:-20])
    monkeypatch.setattr("datatools_audit.cli.tail._wait", Steps(append(path, lines[2][-20:])))
    done = command("tail", "-f", "-n", "1")
    assert ["n 1", "n 2"] == [line.split("  ")[-1] for line in done.out.splitlines()]


class Steps:
    """Stands for the waiting: does the next thing instead."""

    def __init__(self, *things: Callable[[], object]) -> None:
        self.things = list(things)

    def __call__(self) -> bool:
        if not self.things:
            return False
        self.things.pop(0)()
        return True


def messages(found: Iterator[object]) -> list[object]:
    return [record["message"] for record in found]  # type: ignore[index]


def append(path: Path, data: bytes) -> Callable[[], object]:
    def go() -> None:
        with path.open("ab") as target:
            target.write(data)

    return go


def test_follow_gives_each_line_once_it_is_whole(tmp_path: Path) -> None:
    """Half a line waits for its other half; a file may come later than who waits for it."""
    path = tmp_path / "log.jsonl"
    record = Recording()
    lines = [json.dumps(record("note", f"n {n}")).encode() + b"\n" for n in range(3)]
    wait = Steps(
        append(path, lines[0] + lines[1][:30]), append(path, lines[1][30:]), append(path, lines[2])
    )
    assert ["n 0", "n 1", "n 2"] == messages(follow(lambda: path, wait))


def test_follow_goes_on_past_midnight(tmp_path: Path) -> None:
    """On the new day's file, and still on the old one, for what is written late."""
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    record = Recording()
    lines = [json.dumps(record("note", f"n {n}")).encode() + b"\n" for n in range(4)]
    present = [old]
    wait = Steps(
        append(old, lines[0]),
        lambda: (present.__setitem__(0, new), append(new, lines[1])()),
        append(old, lines[2]),
        append(new, lines[3]),
    )
    assert ["n 0", "n 1", "n 2", "n 3"] == messages(follow(lambda: present[0], wait))


def test_follow_begins_anew_with_a_new_file(tmp_path: Path) -> None:
    """A log that was removed and made again is read from its beginning."""
    path = written(tmp_path / "log.jsonl", [Recording()("note", "old")] * 5)
    other = written(tmp_path / "other.jsonl", [Recording()("note", "new")])
    wait = Steps(lambda: other.replace(path))
    assert ["new"] == messages(follow(lambda: path, wait, offset=path.stat().st_size))


def test_follow_reports_what_is_no_record(tmp_path: Path) -> None:
    """It is a record of its own, as for every reader."""
    path = tmp_path / "log.jsonl"
    wait = Steps(append(path, b"hello\n\n"))
    (found,) = follow(lambda: path, wait)
    assert "foreign" == found.problem
    assert parse_line(b"hello\n", path, 0) == found
