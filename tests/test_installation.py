"""One secret per installation: made once, whole, for its owner only, and never waited for."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from datatools_audit import installation
from datatools_audit.installation import NAME, installation_key
from datatools_audit.writer.retention import list_logs, sweep
from tests.faults.helpers import go

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMIT = 60
DAY = 86_400
PROCESSES = 8
PROGRAM = """
import hashlib, sys
from pathlib import Path
from datatools_audit.installation import installation_key
print("ready", flush=True)
sys.stdin.readline()
print(hashlib.sha256(installation_key(Path(sys.argv[1]), owned=False)).hexdigest())
"""


def test_key_is_made_once(log_folder: Path) -> None:
    """The first call makes folder and key, for the owner only; later ones read the same."""
    key = installation_key(log_folder, owned=False)
    path = log_folder / NAME
    assert (32, 0o600, 0o700) == (
        len(key),
        stat.S_IMODE(path.stat().st_mode),
        stat.S_IMODE(log_folder.stat().st_mode),
    )
    assert key == installation_key(log_folder, owned=True) == path.read_bytes()
    assert [path] == list(log_folder.iterdir())


def test_key_is_random(tmp_path: Path) -> None:
    """Each installation has its own."""
    keys = {installation_key(tmp_path / str(number), owned=False) for number in range(3)}
    assert 3 == len(keys)


def test_key_is_one_for_all_processes(log_folder: Path) -> None:
    """However many processes want it at the same moment, they get the same, and no draft stays."""
    command = [sys.executable, "-c", PROGRAM, str(log_folder)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    try:
        go(running)
        told = {process.communicate(timeout=LIMIT)[0] for process in running}
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert 1 == len(told)
    assert 65 == len(told.pop())
    assert [NAME] == [path.name for path in log_folder.iterdir()]


def test_key_of_another_process_wins(log_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes second with a draft of the own takes the first one's."""
    theirs = b"t" * 32
    make = installation.make_folder

    def be_slower(folder: Path, *, owned: bool) -> None:
        make(folder, owned=owned)
        (folder / NAME).write_bytes(theirs)

    monkeypatch.setattr(installation, "make_folder", be_slower)
    assert theirs == installation_key(log_folder, owned=False)
    assert [NAME] == [path.name for path in log_folder.iterdir()]


def a_link(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"k" * 32)
    path.symlink_to(other)


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


@pytest.mark.parametrize(
    "put",
    [
        a_link,
        a_link_to_nothing,
        os.mkfifo,
        lambda path: os.mknod(path, stat.S_IFSOCK | 0o600),
        lambda path: path.mkdir(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"k" * 31),
        lambda path: path.write_bytes(b"k" * 33),
    ],
    ids=["link", "link to nothing", "fifo", "socket", "folder", "empty", "short", "long"],
)
def test_key_is_refused_where_something_else_stands(
    log_folder: Path, put: Callable[[Path], object]
) -> None:
    """It is neither followed, waited for nor replaced."""
    log_folder.mkdir()
    path = log_folder / NAME
    put(path)
    before = path.lstat()
    with pytest.raises(OSError, match=NAME):
        installation_key(log_folder, owned=False)
    assert (before.st_ino, before.st_size) == (path.lstat().st_ino, path.lstat().st_size)
    assert {NAME, "other"} >= {each.name for each in log_folder.iterdir()}


def test_key_is_no_fifo_that_somebody_fills(log_folder: Path) -> None:
    """Also one with as many bytes in it as a key has."""
    log_folder.mkdir()
    path = log_folder / NAME
    os.mkfifo(path)
    handle = os.open(path, os.O_RDWR)
    try:
        os.write(handle, b"k" * 32)
        with pytest.raises(OSError, match=NAME):
            installation_key(log_folder, owned=False)
    finally:
        os.close(handle)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_key_is_refused_in_a_folder_that_cannot_be_written(log_folder: Path) -> None:
    """Without a place for it there is no key."""
    log_folder.mkdir(0o500)
    with pytest.raises(OSError, match=NAME):
        installation_key(log_folder, owned=False)
    assert [] == list(log_folder.iterdir())


@pytest.mark.parametrize("name", ["open", "write", "link"])
def test_key_draft_is_gone_after_a_failure(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A disk that refuses amid it leaves neither a key nor half of one."""
    real = getattr(os, name)

    def refuse(first: object, *rest: object) -> object:
        if name == "open" and str(first).endswith(NAME):  # the look for it
            return real(first, *rest)
        raise PermissionError(13, "refused", NAME)

    with monkeypatch.context() as patch:
        patch.setattr(installation.os, name, refuse)
        with pytest.raises(PermissionError):
            installation_key(log_folder, owned=False)
    assert [] == list(log_folder.iterdir())
    assert 32 == len(installation_key(log_folder, owned=False))


def test_key_is_not_made_in_somebody_elses_folder(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where everybody may write, the folder has to be the user's own."""
    log_folder.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: log_folder.stat().st_uid + 1)
    with pytest.raises(PermissionError):
        installation_key(log_folder, owned=True)
    assert [] == list(log_folder.iterdir())


def test_key_is_no_log_and_outlives_them(log_folder: Path) -> None:
    """Retention neither sees it nor removes it, however old it is and however full the folder."""
    key = installation_key(log_folder, owned=False)
    old = log_folder / "datatools-2020-01-01.jsonl"
    old.write_text("{}\n")
    for path in (log_folder / NAME, old):
        os.utime(path, (0, 0))
    assert [old.name] == [file.name for file in list_logs(log_folder)]
    sweep(log_folder, old.lstat().st_ctime + 2 * DAY, keep_days=0, folder_bytes=0)
    assert [NAME] == [path.name for path in log_folder.iterdir()]
    assert key == installation_key(log_folder, owned=False)
