"""A log or a folder that may not be written, and may be again."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import datatools_audit
from datatools_audit import audit_stats, flush_audit_log, log_event
from tests.faults.helpers import (
    LIMIT_SECONDS,
    do,
    mounted,
    quick_pauses,
    records_in,
    served,
)
from tests.helpers import LIMIT, written_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_pauses(monkeypatch)


@pytest.fixture
def immutable(log_folder: Path) -> Iterator[Callable[[str], None]]:
    """Give a function that makes today's log immutable (`+i`) and free again (`-i`)."""
    path = datatools_audit.audit_log_path()
    path.parent.mkdir()
    path.touch()

    def change(flag: str) -> None:
        command = ["chattr", flag, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)

    try:
        change("+i")
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"a file cannot be made immutable here: {error}")
    yield change
    change("-i")


def messages() -> list[object]:
    return [record["message"] for record in written_records() if record["category"] == "test"]


def test_immutable_log_is_written_when_it_may_be(immutable: Callable[[str], None]) -> None:
    """A log that refuses every write gets all that waited, in order, when it is free."""
    for n in range(500):
        log_event("test", f"m{n}")
    assert not flush_audit_log(0.05)
    assert (True, 500) == (audit_stats().failed_writes > 0, audit_stats().queue_depth)
    immutable("-i")
    assert [f"m{n}" for n in range(500)] == messages()


@pytest.mark.parametrize(
    "number", [errno.EACCES, errno.EPERM, errno.EROFS, errno.EMFILE, errno.EIO, errno.ESTALE]
)
def test_log_that_cannot_be_opened_loses_nothing(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the refusal at `open` is called, the events wait for its end."""
    real, refused = os.open, []
    log = str(datatools_audit.audit_log_path())

    def refuse(path: Any, *args: Any, **kwargs: Any) -> int:
        if str(path) == log and len(refused) < 4:
            refused.append(number)
            raise OSError(number, os.strerror(number), path)
        return real(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    for n in range(50):
        log_event("test", f"m{n}")
    assert [f"m{n}" for n in range(50)] == messages()
    assert (4, 4) == (len(refused), audit_stats().failed_writes)
    assert f"[Errno {number}]" in str(audit_stats().last_error)


def test_folder_under_a_file_is_refused_until_the_file_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file where a folder has to be is an outage like any other."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(tmp_path / "file" / "logs"))
    log_event("test", "m")
    assert not flush_audit_log(0.05)
    assert audit_stats().failed_writes > 0
    (tmp_path / "file").unlink()
    assert ["m"] == messages()


@pytest.mark.parametrize("kind", ["other's", "link", "file"])
def test_stand_in_folder_of_somebody_else_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where everybody may write, only a real folder of this user's own is used."""
    monkeypatch.delenv("DATATOOLS_AUDIT_DIR")
    monkeypatch.delenv("HOME")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    if kind == "other's" and os.getuid():
        pytest.skip("only root can give a folder away")
    uid = 4242 if kind == "other's" else os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid)
    folder = datatools_audit.audit_log_dir()
    assert tmp_path / f"datatools-logs-{uid}" == folder
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    make = {
        "other's": folder.mkdir,
        "link": lambda: folder.symlink_to(elsewhere),
        "file": folder.touch,
    }
    make[kind]()
    log_event("test", "m")
    assert not flush_audit_log(0.05)
    assert audit_stats().failed_writes > 0
    assert [] == list(elsewhere.iterdir())
    if kind == "other's":
        assert [] == list(folder.iterdir())
        os.chown(folder, uid, -1)
    else:
        folder.rename(tmp_path / "aside")
    assert ["m"] == messages()


def test_stand_in_folder_of_ones_own_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a home folder the stand-in is made for the user only, and written."""
    monkeypatch.delenv("DATATOOLS_AUDIT_DIR")
    monkeypatch.delenv("HOME")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    log_event("test", "m")
    assert ["m"] == messages()
    assert 0o40700 == datatools_audit.audit_log_dir().stat().st_mode


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Make a folder that every user can reach; that of the tests is for their user only."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.mark.parametrize("what", ["file", "folder", "search"])
def test_permission_that_is_taken_away_and_given_back_loses_nothing(
    what: str, open_place: Path
) -> None:
    """Without the right to write the file, or to make or reach it, the events wait."""
    folder = open_place / "logs"
    folder.mkdir()
    uid = 65_534 if os.getuid() == 0 else os.getuid()
    if os.getuid() == 0:
        os.chown(folder, uid, uid)
    with served(env={"DATATOOLS_AUDIT_DIR": str(folder)}) as process:
        if os.getuid() == 0:  # permissions do not bind root
            assert uid == process.ask("become", uid)
        if what == "file":
            process.ask("log", 10)
            assert process.ask("flush", LIMIT_SECONDS)
        first = process.ask("log", 0)
        (path,) = list(folder.iterdir()) if what == "file" else [folder]
        path.chmod({"file": 0o400, "folder": 0o500, "search": 0o600}[what])
        process.ask("log", 500)
        assert not process.ask("flush", 0.1)
        during = process.ask("stats")
        assert during["failed_writes"] > 0
        assert f"[Errno {errno.EACCES}]" in during["last_error"]
        assert (500, first) == (during["queue_depth"], during["written"])
        path.chmod(0o700)
        assert process.ask("flush", LIMIT_SECONDS)
    found = [record["n"] for record in records_in(folder) if record["category"] == "test"]
    assert list(range(1, first + 501)) == found


def test_file_system_turned_read_only_and_back_loses_nothing(tmp_path: Path) -> None:
    """What was logged while the disk was read-only is there when it is not any more."""
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=4m", "tmpfs") as place:
        folder = place / "logs"
        with served(env={"DATATOOLS_AUDIT_DIR": str(folder)}) as process:
            process.ask("log", 100)
            assert process.ask("flush", LIMIT_SECONDS)
            for turn in (1, 2):
                do("mount", "-o", "remount,ro", place)
                process.ask("log", 500)
                assert not process.ask("flush", 0.1)
                assert f"[Errno {errno.EROFS}]" in process.ask("stats")["last_error"]
                assert 500 == process.ask("stats")["queue_depth"]
                do("mount", "-o", "remount,rw", place)
                assert process.ask("flush", LIMIT_SECONDS)
                outages = [r for r in records_in(folder) if "outage_seconds" in r]
                assert turn == len(outages)
        found = [record["n"] for record in records_in(folder) if record["category"] == "test"]
        assert list(range(1, 1_101)) == found
