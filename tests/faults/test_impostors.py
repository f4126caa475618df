"""Something that is no plain file stands in the log's place."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit import audit_stats, flush_audit_log, log_event
from tests.faults.helpers import LIMIT_SECONDS, quick_pauses
from tests.helpers import strict_json, written_records

if TYPE_CHECKING:
    from collections.abc import Callable


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        before = os.getcwd()  # noqa: PTH109 -- the path of a socket may have 107 bytes only
        os.chdir(path.parent)
        try:
            listener.bind(path.name)
        finally:
            os.chdir(before)


def make_link(path: Path) -> None:
    target = path.with_name("target")
    target.write_bytes(b"precious")
    path.symlink_to(target)


IMPOSTORS: dict[str, Callable[[Path], None]] = {
    "folder": lambda path: path.mkdir(),
    "fifo": lambda path: os.mkfifo(path),
    "socket": make_socket,
    "link": make_link,
    "dangling link": lambda path: path.symlink_to(path.with_name("nowhere")),
    "device": lambda path: os.mknod(path, 0o20600, os.makedev(1, 3)),
}


@pytest.fixture
def path(log_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    quick_pauses(monkeypatch)
    log_folder.mkdir()
    return datatools_audit.audit_log_path()


def wait_until_refused(times: int = 1) -> None:
    """Have the worker try, until the disk has refused that often."""
    for _ in range(1_000):
        assert not flush_audit_log(0.01)
        if audit_stats().failed_writes >= times:
            return
    pytest.fail("nothing was refused")


@pytest.mark.parametrize("kind", IMPOSTORS)
def test_impostor_is_refused_and_the_log_comes_when_it_is_gone(kind: str, path: Path) -> None:
    """Nothing is written to it, nobody waits for it, and nothing is lost by it."""
    IMPOSTORS[kind](path)
    for n in range(20):
        log_event("test", f"m{n}")
    wait_until_refused()
    assert 20 == audit_stats().queue_depth
    if kind == "folder":
        path.rmdir()
    else:
        path.unlink()
    found = [record["message"] for record in written_records() if record["category"] == "test"]
    assert [f"m{n}" for n in range(20)] == found


def test_link_keeps_what_it_points_to(path: Path) -> None:
    """The file behind a link is left as it was, and one that is missing is not made."""
    IMPOSTORS["link"](path)
    log_event("test", "m")
    wait_until_refused()
    assert b"precious" == path.read_bytes()
    dangling = path.with_name("dangling")
    IMPOSTORS["dangling link"](dangling)
    dangling.replace(path)
    wait_until_refused(audit_stats().failed_writes + 1)
    assert not path.with_name("nowhere").exists()


def test_fifo_with_a_reader_gets_nothing(path: Path) -> None:
    """A FIFO that somebody reads is no log either."""
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        log_event("test", "m")
        wait_until_refused()
        assert b"" == os.read(reader, 1_000)
    finally:
        os.close(reader)


def test_impostor_leaks_no_open_file(path: Path) -> None:
    """Each refusal closes what it opened."""
    os.mkfifo(path)
    log_event("test", "m")
    wait_until_refused(4)
    datatools_audit.reset_for_tests()
    opened = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert path not in opened


@pytest.mark.parametrize("kind", IMPOSTORS)
def test_log_replaced_by_an_impostor_amid_a_run_costs_nothing(kind: str, path: Path) -> None:
    """A log that is moved away and stood in for, again and again: nothing is lost."""
    for turn in range(3):
        for n in range(20):
            log_event("test", "m", n=40 * turn + n)
        assert flush_audit_log(LIMIT_SECONDS)
        failed = audit_stats().failed_writes
        path.rename(path.with_name(f"datatools-{turn}.jsonl"))
        IMPOSTORS[kind](path)
        for n in range(20, 40):
            log_event("test", "m", n=40 * turn + n)
        wait_until_refused(failed + 1)
        assert 20 == audit_stats().queue_depth
        if kind == "folder":
            path.rmdir()
        else:
            path.unlink()
    assert flush_audit_log(LIMIT_SECONDS)
    files = [*sorted(path.parent.glob("datatools-?.jsonl")), path]
    lines = [line for file in files for line in file.read_bytes().splitlines(keepends=True)]
    found = [record["n"] for record in map(strict_json, lines) if record["category"] == "test"]
    assert list(range(120)) == found
    target = path.with_name("target")
    assert (b"precious" if kind == "link" else None) == (
        target.read_bytes() if target.exists() else None
    )
