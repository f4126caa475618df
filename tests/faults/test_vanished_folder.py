"""The folder or the file goes away, moves or changes while the app runs."""

from __future__ import annotations

import itertools
import os
import shutil
import threading
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from datatools_audit import audit_stats, flush_audit_log, log_event
from tests.faults.helpers import quick_pauses, records_in, rounds
from tests.helpers import LIMIT

if TYPE_CHECKING:
    from pathlib import Path


def log_and_flush(message: str) -> None:
    log_event("test", message)
    assert flush_audit_log(LIMIT)


def messages(folder: Path) -> list[object]:
    return [record["message"] for record in records_in(folder)]


def test_deleted_folder_is_made_anew(log_folder: Path) -> None:
    """Events logged after the folder was deleted are in a new one, without an outage."""
    log_and_flush("before")
    shutil.rmtree(log_folder)
    log_and_flush("after")
    assert (["after"], 0) == (messages(log_folder), audit_stats().failed_writes)
    assert 0o40700 == log_folder.stat().st_mode


def test_deleted_parents_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same when what stood above the folder is gone too."""
    folder = tmp_path / "a" / "b" / "logs"
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(folder))
    log_and_flush("before")
    shutil.rmtree(tmp_path / "a")
    log_and_flush("after")
    assert ["after"] == messages(folder)


def test_renamed_folder_keeps_what_it_has(log_folder: Path) -> None:
    """A folder that was moved away is not written any more; a new one is."""
    log_and_flush("before")
    aside = log_folder.rename(log_folder.with_name("aside"))
    log_and_flush("after")
    assert (["before"], ["after"]) == (messages(aside), messages(log_folder))


def test_rotated_file_is_left_for_a_new_one(log_folder: Path) -> None:
    """A log that somebody moved away, as a rotator does, is replaced with the next batch."""
    log_and_flush("before")
    path = datatools_audit.audit_log_path()
    rotated = path.rename(path.with_suffix(".old"))
    log_and_flush("after")
    assert (1, ["after"]) == (rotated.read_bytes().count(b"\n"), messages(log_folder))


def test_truncated_file_is_gone_on_with(log_folder: Path) -> None:
    """A log that somebody emptied has no hole at its beginning."""
    log_and_flush("before")
    os.truncate(datatools_audit.audit_log_path(), 0)
    log_and_flush("after")
    assert ["after"] == messages(log_folder)


def test_folder_of_the_environment_changes_between_flushes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable is read at each batch, and the path told is the one written."""
    for name in ("one", "two", "one"):
        monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(tmp_path / name))
        log_and_flush(name)
        assert tmp_path / name == datatools_audit.audit_log_path().parent
    assert (["one", "one"], ["two"]) == (messages(tmp_path / "one"), messages(tmp_path / "two"))


def test_link_in_place_of_the_folder_is_followed(tmp_path: Path, log_folder: Path) -> None:
    """The folder itself may be a link to another disk."""
    (tmp_path / "disk").mkdir()
    log_folder.symlink_to(tmp_path / "disk")
    log_and_flush("m")
    assert ["m"] == messages(tmp_path / "disk")


@pytest.mark.parametrize("how", ["folder renamed", "file renamed", "parent renamed"])
def test_folder_that_moves_under_load_loses_and_doubles_nothing(
    how: str, log_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a thread logs, what is written to moves away again and again: all of it is kept."""
    quick_pauses(monkeypatch)
    parent = tmp_path / "parent"
    folder = parent / "logs" if how == "parent renamed" else log_folder
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(folder))
    over, logged = threading.Event(), itertools.count(1)

    def keep_logging() -> None:
        while not over.is_set():
            for _ in range(100):
                log_event("test", "m", n=next(logged))
            over.wait(0.001)

    thread = threading.Thread(target=keep_logging)
    thread.start()
    (tmp_path / "moved").mkdir()
    moved: list[Path] = []
    try:
        while len(moved) < rounds(20, 600):
            source = {
                "folder renamed": folder,
                "file renamed": datatools_audit.audit_log_path(),
                "parent renamed": parent,
            }[how]
            if not datatools_audit.audit_log_path().exists():
                flush_audit_log(0.01)
                continue
            name = f"datatools-{len(moved)}.jsonl" if how == "file renamed" else str(len(moved))
            aside = tmp_path / "moved" / name
            moved.append(source.rename(aside))
    finally:
        over.set()
        thread.join(LIMIT)
    assert flush_audit_log(LIMIT)
    expected = list(range(1, next(logged)))
    folders = {path.parent for path in tmp_path.rglob("*.jsonl") if path.is_file()}
    found = [record for each in folders for record in records_in(each)]
    assert {} == audit_stats().dropped_reasons
    assert expected == sorted(r["n"] for r in found if r["category"] == "test")  # type: ignore[type-var]


def test_folder_deleted_under_load_costs_only_what_was_in_it(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a thread logs, the folder is deleted again and again: no outage stays, no event twice.

    What a deleted file held is gone with it; what comes behind the last deletion is there.
    """
    quick_pauses(monkeypatch)
    over = threading.Event()

    def keep_logging() -> None:
        while not over.is_set():
            for _ in range(100):
                log_event("test", "during")
            over.wait(0.001)

    thread = threading.Thread(target=keep_logging)
    thread.start()
    deleted = 0
    try:
        while deleted < rounds(20, 600):
            if log_folder.exists():
                shutil.rmtree(log_folder, ignore_errors=True)
                deleted += 1
    finally:
        over.set()
        thread.join(LIMIT)
    assert flush_audit_log(LIMIT)
    for n in range(1_000):
        log_event("test", "behind", n=n)
    assert flush_audit_log(LIMIT)
    found = records_in(log_folder)
    assert list(range(1_000)) == [r["n"] for r in found if r["message"] == "behind"]
    assert len(found) == len({r["seq"] for r in found})
    assert (0, None) == (audit_stats().queue_depth, audit_stats().failing_since)
