"""Ends, splits and signals: what the recorder does at each, in processes of their own."""

from __future__ import annotations

import atexit
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit import AuditConfig
from datatools_audit.guard import failures
from datatools_audit.recorder import Recorder
from datatools_audit.writer.lifecycle import Lifecycle
from tests.faults.helpers import records_in, run, seqs_by_proc
from tests.helpers import MemorySink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, object]]]:
    """Collect what is registered with the interpreter, and give SIGTERM back at the end."""
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    found: list[tuple[str, object]] = []
    monkeypatch.setattr(atexit, "register", lambda call: found.append(("exit", call)))
    monkeypatch.setattr(os, "register_at_fork", lambda **calls: found.append(("fork", calls)))
    yield found
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def calls() -> list[str]:
    return []


@pytest.fixture
def lifecycle(calls: list[str], hooks: object) -> Lifecycle:
    return Lifecycle(lambda: calls.append("drain"), lambda: calls.append("renew"))


def in_thread(call: Callable[[], object]) -> None:
    thread = threading.Thread(target=call)
    thread.start()
    thread.join(30)


def test_lifecycle_watches_nothing_before_it_is_asked(
    lifecycle: Lifecycle, hooks: list[tuple[str, object]]
) -> None:
    """Building it registers nothing and takes no signal."""
    assert ([], signal.SIG_DFL) == (hooks, signal.getsignal(signal.SIGTERM))


def test_recorder_is_called_back_once_at_each_moment(hooks: list[tuple[str, object]]) -> None:
    """However often it is configured, started and reset, it registers once."""
    recorder = Recorder(sink=MemorySink())
    for _ in range(3):
        recorder.configure(AuditConfig())
        recorder.emit("info", "test", "m", {}, {})
        assert recorder.drain()
        recorder.reset(30)
    assert ["exit", "fork"] == sorted(kind for kind, _ in hooks)


@pytest.mark.parametrize("theirs", [signal.SIG_IGN, lambda *_: None])
def test_lifecycle_leaves_a_foreign_sigterm_alone(
    theirs: signal.Handlers, lifecycle: Lifecycle, hooks: object
) -> None:
    """A disposition that is not the default stays, and is not restored later."""
    signal.signal(signal.SIGTERM, theirs)
    lifecycle.watch()
    assert theirs == signal.getsignal(signal.SIGTERM)
    lifecycle.release_sigterm()
    assert theirs == signal.getsignal(signal.SIGTERM)


def test_lifecycle_gives_sigterm_back(lifecycle: Lifecycle) -> None:
    """Released, the default is there again."""
    lifecycle.watch()
    assert signal.SIG_DFL != signal.getsignal(signal.SIGTERM)
    lifecycle.release_sigterm()
    assert signal.SIG_DFL == signal.getsignal(signal.SIGTERM)


def test_lifecycle_does_not_take_back_what_somebody_took_over(lifecycle: Lifecycle) -> None:
    """A handler that was set over ours stays when ours is released."""
    lifecycle.watch()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    lifecycle.release_sigterm()
    assert signal.SIG_IGN == signal.getsignal(signal.SIGTERM)


def test_lifecycle_takes_sigterm_from_the_main_thread_only(lifecycle: Lifecycle) -> None:
    """Asked in another thread it takes no signal; a later call in the main one does."""
    in_thread(lifecycle.watch)
    assert signal.SIG_DFL == signal.getsignal(signal.SIGTERM)
    lifecycle.watch()
    assert signal.SIG_DFL != signal.getsignal(signal.SIGTERM)


def test_lifecycle_failing_renewal_stays_inside(
    lifecycle: Lifecycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong after a fork is counted, never raised into the fork."""
    failed: list[bool] = []

    def renew() -> None:
        failed.append(True)
        raise RuntimeError("no")

    monkeypatch.setattr(lifecycle, "_renew", renew)
    lifecycle._after_fork()
    assert ([True], 1) == (failed, failures()["renew after a fork: RuntimeError"])


@pytest.mark.parametrize(
    ("way", "status", "said"),
    [
        ("end", 0, ""),
        ("exit", 3, ""),
        ("exception", 1, "RuntimeError: unhandled"),
        ("interrupt", -signal.SIGINT, "KeyboardInterrupt"),
        ("exit-in-thread", 0, ""),
        ("sigterm", -signal.SIGTERM, ""),
        ("sigterm-from-thread", -signal.SIGTERM, ""),
    ],
)
def test_end_without_a_flush_writes_all_that_is_queued(
    way: str, status: int, said: str, log_folder: Path
) -> None:
    """However a process ends, the 2,000 events that all wait then are in the file."""
    out, err = run("ends.py", way, 2_000, "held", status=status)
    assert "queued 2000\n" == out
    assert said in err
    assert [list(range(1, 2_001))] == list(seqs_by_proc(log_folder).values())


def test_end_by_os_exit_behind_a_flush_loses_none(log_folder: Path) -> None:
    """What a flush answered True for is in the file, whatever comes next."""
    for _ in range(3):
        run("ends.py", "flush-and-leave", 2_000, "free")
    found = [r["seq"] for r in records_in(log_folder) if r["category"] != "audit"]
    assert [*range(1, 2_001)] * 3 == found


def test_end_without_events_makes_no_folder(log_folder: Path) -> None:
    """A process that logs nothing leaves nothing behind."""
    run("ends.py", "end", 0, "free")
    assert not log_folder.exists()


def test_end_writes_what_other_exit_handlers_log(log_folder: Path) -> None:
    """An exit handler that runs after ours may log, and it is written too."""
    run("late.py")
    assert ["first", "late"] == [record["message"] for record in records_in(log_folder)]


@pytest.mark.parametrize("disposition", ["handler", "ignored"])
def test_sigterm_of_somebody_else_is_left_alone(disposition: str, log_folder: Path) -> None:
    """With another disposition the process lives on, and its recorder with it."""
    out, _ = run("sigterm_theirs.py", disposition)
    between = ["in their handler"] if disposition == "handler" else []
    assert ["before", *between, "after"] == [r["message"] for r in records_in(log_folder)]
    assert ("theirs\n" if between else "") == out


@pytest.mark.parametrize("first", ["parent-first", "children-only"])
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver", "pool"])
def test_multiprocessing_children_events_arrive_without_a_flush(
    method: str, first: str, log_folder: Path
) -> None:
    """Each child's events are written at its end, under a process number of its own."""
    out, _ = run("children.py", method, first, 300)
    by_proc = seqs_by_proc(log_folder)
    parents = [seqs for seqs in by_proc.values() if seqs == [1]]
    children = [seqs for seqs in by_proc.values() if seqs != [1]]
    assert (1 if first == "parent-first" else 0) == len(parents)
    assert 900 == sum(map(len, children))
    assert [list(range(1, len(seqs) + 1)) for seqs in children] == children
    assert ["queued 300"] * 3 == out.splitlines()


def test_multiprocessing_pools_end_in_a_process_that_logged() -> None:
    """A fork's child has SIGTERM's default, so that a pool can end it as without us.

    Python forgets a signal that comes before the child's handlers are in order, and one
    that comes just before a wait for a semaphore waits with it: the pool would hang.
    """
    run("pools.py", limit=20)


def test_lifecycle_sigterm_is_had_when_the_main_thread_comes_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker that another thread started does not keep the main thread from SIGTERM."""
    before = signal.getsignal(signal.SIGTERM)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        thread = threading.Thread(target=datatools_audit.log_event, args=("test", "thread"))
        thread.start()
        thread.join()
        assert datatools_audit.flush_audit_log(10)
        assert signal.SIG_DFL is signal.getsignal(signal.SIGTERM)
        while signal.SIG_DFL is signal.getsignal(signal.SIGTERM):
            datatools_audit.log_event("test", "main")  # heard as soon as the worker rests
    finally:
        datatools_audit.reset_for_tests()
        signal.signal(signal.SIGTERM, before)
