"""The folder or the file goes away, moves or changes while the app runs."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import datatools_audit
from datatools_audit import audit_stats, flush_audit_log, log_event
from tests.faults.helpers import records_in

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LIMIT = 30


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
