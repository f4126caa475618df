"""Several processes and many events: forks, crowds and bursts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.helpers import finish, records_in, run, seqs_by_proc, start

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
    for process in crowd:
        assert process.stdout is not None
        assert "ready\n" == process.stdout.readline()
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in crowd:
        finish(process)
    assert [list(range(1, 10_001))] * 4 == list(seqs_by_proc(log_folder).values())
    assert 1 == len(list(log_folder.iterdir()))


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
