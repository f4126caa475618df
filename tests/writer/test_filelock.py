"""The advisory lock between the workers of several processes."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from typing import TYPE_CHECKING

import pytest

from datatools_audit.writer import filelock
from datatools_audit.writer.filelock import held

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def handles(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Give two openings of one file: to the lock they are two processes."""
    path = tmp_path / "locked"
    opened = [os.open(path, os.O_RDWR | os.O_CREAT) for _ in range(2)]
    yield opened[0], opened[1]
    for handle in opened:
        os.close(handle)


def is_free(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(handle, fcntl.LOCK_UN)
    return True


def test_filelock_is_held_inside_the_block_only(handles: tuple[int, int]) -> None:
    """Another opening cannot have the lock during the block, and can after it."""
    ours, theirs = handles
    with held(ours):
        assert not is_free(theirs)
    assert is_free(theirs)


def test_filelock_is_released_by_an_exception(handles: tuple[int, int]) -> None:
    """A block that raises gives the lock back, and its exception travels on."""
    with pytest.raises(OSError, match="inside"), held(handles[0]):
        raise OSError("inside")
    assert is_free(handles[1])


def test_filelock_waits_until_the_other_is_done(handles: tuple[int, int]) -> None:
    """The block begins once the other opening has let go."""
    ours, theirs = handles
    fcntl.flock(theirs, fcntl.LOCK_EX)
    order: list[str] = []
    tries = threading.Semaphore(0)

    def wait() -> None:
        with held(ours):
            order.append("ours")

    with pytest.MonkeyPatch.context() as patch:
        real = filelock._try_lock
        patch.setattr(filelock, "_try_lock", lambda handle: (tries.release(), real(handle))[1])
        patch.setattr(filelock, "WAIT_SECONDS", 30.0)
        thread = threading.Thread(target=wait)
        thread.start()
        assert tries.acquire(timeout=120)
        assert tries.acquire(timeout=120)
        order.append("theirs")
        fcntl.flock(theirs, fcntl.LOCK_UN)
        thread.join(30)
    assert ["theirs", "ours"] == order


def test_filelock_wait_ends_at_its_limit(
    handles: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that nobody gives back stops no worker: the block runs without it."""
    assert filelock.WAIT_SECONDS == 1.0
    monkeypatch.setattr(filelock, "WAIT_SECONDS", 0.01)
    fcntl.flock(handles[1], fcntl.LOCK_EX)
    ran = False
    with held(handles[0]):
        ran = True
    assert (True, False) == (ran, is_free(handles[0]))


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_filelock_is_not_waited_for_where_there_is_none(
    number: int, handles: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system without locks is asked once and used without one."""
    asked: list[int] = []

    def refuse(handle: int) -> None:
        asked.append(handle)
        raise OSError(number, "no locks here")

    monkeypatch.setattr(filelock, "_try_lock", refuse)
    with held(handles[0]):
        pass
    assert [handles[0]] == asked


def test_filelock_outlives_a_readers_close(handles: tuple[int, int], tmp_path: Path) -> None:
    """A reader in this process that closes the file does not take the lock away."""
    with held(handles[0]):
        (tmp_path / "locked").read_bytes()
        assert not is_free(handles[1])
