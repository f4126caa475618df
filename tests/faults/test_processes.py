"""Several processes and many events: forks, crowds and bursts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from datatools_audit import flush_audit_log, log_event, read_events
from tests.faults.helpers import (
    finish,
    go,
    missing_in,
    records_in,
    rounds,
    run,
    seqs_by_proc,
    start,
)
from tests.helpers import strict_json

if TYPE_CHECKING:
    from pathlib import Path


def test_burst_of_200_000_drops_nothing(log_folder: Path) -> None:
    """One thread as fast as it goes, on a healthy disk: every event is written, in order."""
    out, _ = run("burst.py", 200_000)
    assert "200000 200000 0\n" == out
    assert [list(range(1, 200_001))] == list(seqs_by_proc(log_folder).values())


def test_crowd_of_four_processes_on_one_file_is_whole(log_folder: Path) -> None:
    """Four processes log at once without a flush: all lines whole, each process in order."""
    crowd = [start("crowd.py", 10_000) for _ in range(4)]
    go(crowd)
    for process in crowd:
        finish(process)
    assert [list(range(1, 10_001))] * 4 == list(seqs_by_proc(log_folder).values())
    assert 1 == len(list(log_folder.iterdir()))


@pytest.mark.parametrize(("size", "quick"), [(300, 5_000), (20_000, 500)])
def test_crowd_with_long_lines_tears_and_doubles_nothing_and_names_what_it_lacks(
    size: int, quick: int, log_folder: Path
) -> None:
    """Four processes at full speed on one file; short lines are all there, of long ones each.

    A missing number is one that the file itself names as dropped: long lines come faster
    than the disk takes them.
    """
    count = rounds(quick, 20_000)
    crowd = [start("crowd.py", count, size) for _ in range(4)]
    go(crowd)
    for process in crowd:
        finish(process, limit=300)
    (path,) = list(log_folder.glob("*.jsonl"))
    by_proc: dict[object, list[dict[str, object]]] = {}
    with path.open("rb") as file:
        for raw in file:
            record = strict_json(raw)
            if record["category"] == "test":
                assert abs(len(raw) - size) < 100
                assert 0 == sum(len(set(str(v))) > 1 for k, v in record.items() if "fill" in k)
                record = {key: record[key] for key in ("proc", "seq", "n")}
            by_proc.setdefault(record["proc"], []).append(record)
    path.unlink()
    assert 4 == len(by_proc)
    for records in by_proc.values():
        missing = missing_in(records)
        order = [record["n"] for record in records if "n" in record]
        assert sorted(order) == order  # type: ignore[type-var]
        assert count - len(order) == len(missing)
        assert size > 300 or not missing


def test_pool_that_is_terminated_ends_and_leaves_a_whole_log(log_folder: Path) -> None:
    """Pool.terminate amid logging neither hangs nor doubles or skips anything.

    A kill may break a write off within a line. That piece stays, and the next start writes
    the line whole, as it writes what a child had queued. A child that is killed amid the
    recovery of another has taken a number for a record that nobody has: it is told as lost.
    """
    count = rounds(2, 20)
    for _ in range(count):
        run("terminated.py")
    log_event("test", "recovers the last ones")
    assert flush_audit_log(30)
    by_proc: dict[object, list[Any]] = {}
    torn, told = [], 0
    for record in read_events(log_folder):
        if record.problem:
            torn.append(record.problem)
            continue
        by_proc.setdefault(record["proc"], []).append(record["seq"])
        told += cast("int", record.get("missing", 0))
    assert ["torn"] * len(torn) == torn
    assert len(torn) <= 3 * count < len(by_proc)
    assert [] == [proc for proc, seqs in by_proc.items() if len(set(seqs)) < len(seqs)]
    assert told == sum(max(seqs) - len(seqs) for seqs in by_proc.values())
    assert told <= count


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_child_that_fails_or_exits_amid_logging_writes_all(method: str, log_folder: Path) -> None:
    """An exception, a `sys.exit` and a return end a child of multiprocessing: nothing is lost."""
    out, err = run("children_end.py", method, 2_000)
    assert "[0, 1, 3]\n" == out
    assert "RuntimeError: unhandled in a child" in err
    by_proc = seqs_by_proc(log_folder)
    assert [list(range(1, 2_001))] * 3 == list(by_proc.values())


def test_fork_of_a_busy_process_inherits_nothing(log_folder: Path) -> None:
    """Each of 20 children has a process number of its own and its own 50 events, from 1."""
    out, _ = run("forks.py")
    by_proc: dict[object, list[tuple[object, object]]] = {}
    for record in records_in(log_folder):
        by_proc.setdefault(record["proc"], []).append((record["seq"], record["message"]))
    (parent,) = [each for each in by_proc.values() if each[0][1] == "parent"]
    children = [each for each in by_proc.values() if each[0][1] != "parent"]
    expected = [[(n, f"child {number}") for n in range(1, 51)] for number in range(20)]
    assert sorted(expected) == sorted(children)
    assert [(n, "parent") for n in range(1, int(out) + 1)] == parent


def test_fork_before_the_first_event_gives_each_its_own_number(log_folder: Path) -> None:
    """Children forked before anything was logged share no number with one another."""
    run("forks_before_use.py")
    records = records_in(log_folder)
    assert 4 == len({record["proc"] for record in records})
    assert 4 == len({record["session"] for record in records})


def test_fork_amid_the_import_of_the_rules_leaves_no_lock_behind(log_folder: Path) -> None:
    """They are loaded by the first text with a hint; a child that needs them gets on."""
    run("forks_amid_import.py")
    messages = [record["exc_message"] for record in records_in(log_folder)]
    assert ["password=<password>"] * 2 == messages


def test_child_of_a_fork_imports_nothing_of_ours_to_record(log_folder: Path) -> None:
    """What any kind of event needs was loaded before, so no lock of an import is waited for."""
    out, _ = run("forks_then_imports.py")
    assert "datatools_audit" not in out
