"""Faults below Python: a C library between the interpreter and the disk, a frozen disk."""

from __future__ import annotations

import contextlib
import errno
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import datatools_audit
from tests.faults.helpers import (
    LIMIT_SECONDS,
    PROGRAMS,
    Served,
    do,
    mounted,
    records_in,
    served,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the library that stands between the process and its disk."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler here")
    built = tmp_path_factory.mktemp("disk") / "disk.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", built, PROGRAMS / "disk.c", "-ldl"]
    done = subprocess.run(command, check=False, capture_output=True, timeout=LIMIT_SECONDS)
    if done.returncode:
        pytest.skip(f"a library cannot be built here: {done.stderr.decode()}")
    return built


class Disk:
    """Tells the library what to do, and how often it has done it."""

    def __init__(self, folder: Path, library: Path) -> None:
        self._control, self._count = folder / "control", folder / "count"
        self.env: Mapping[str, str] = {
            "LD_PRELOAD": str(library),
            "FAULT_CONTROL": str(self._control),
            "FAULT_COUNT": str(self._count),
        }
        self.set("-")

    def set(self, letter: str) -> None:
        fresh = self._control.with_name("fresh")
        fresh.write_text(letter)
        fresh.replace(self._control)

    @property
    def faults(self) -> int:
        return self._count.stat().st_size if self._count.exists() else 0


@pytest.fixture
def disk(tmp_path: Path, library: Path) -> Disk:
    return Disk(tmp_path, library)


def numbers(folder: Path) -> list[object]:
    return [record["n"] for record in records_in(folder) if record["category"] == "test"]


def test_eio_loses_nothing(disk: Disk, log_folder: Path) -> None:
    """A disk whose `write` fails with EIO gets everything, in order, when it is mended."""
    with served(env=disk.env) as process:
        process.ask("log", 100)
        assert process.ask("flush", LIMIT_SECONDS)
        disk.set("e")
        process.ask("log", 5_000)
        assert not process.ask("flush", 0.1)
        during = process.ask("stats")
        assert f"[Errno {errno.EIO}]" in during["last_error"]
        assert (5_000, 100) == (during["queue_depth"], during["written"])
        assert during["failed_writes"] > 1
        assert disk.faults >= during["failed_writes"]
        disk.set("-")
        assert process.ask("flush", LIMIT_SECONDS)
    assert list(range(1, 5_101)) == numbers(log_folder)
    (note,) = [record for record in records_in(log_folder) if "outage_seconds" in record]
    assert f"[Errno {errno.EIO}]" in str(note["error"])


@pytest.mark.parametrize(("letter", "call"), [("o", "open"), ("w", "write")])
def test_system_call_that_hangs_keeps_no_caller(
    letter: str, call: str, disk: Disk, log_folder: Path
) -> None:
    """While `open` or `write` hangs below Python, the others log on; nothing is lost."""
    disk.set(letter)
    with served(env=disk.env) as process:
        process.ask("log", 5_000)
        assert not process.ask("flush", 0.1)
        assert (5_000, 0) == (
            process.ask("stats")["queue_depth"],
            process.ask("stats")["written"],
        )
        assert 1 == disk.faults
        disk.set("-")
        assert process.ask("flush", LIMIT_SECONDS)
    assert list(range(1, 5_001)) == numbers(log_folder)


def test_write_that_takes_half_each_time_is_gone_on_with(disk: Disk, log_folder: Path) -> None:
    """A disk that takes half of each write gets every record whole and once, beside torn ends."""
    with served(env=disk.env) as process:
        disk.set("s")
        process.ask("log", 2_000)
        process.ask("flush", 0.2)
        assert disk.faults > 1
        disk.set("-")
        assert process.ask("flush", LIMIT_SECONDS)
    raw = b"".join(path.read_bytes() for path in log_folder.glob("*.jsonl")).splitlines()
    whole = [line for line in raw if line.endswith(b"}")]
    torn = [line for line in raw if not line.endswith(b"}")]
    assert 2_000 == len({line for line in whole if b'"test"' in line})
    assert len(set(whole)) == len(whole)
    assert [True] * len(torn) == [any(line.startswith(t) for line in whole) for t in torn]


@pytest.fixture
def freezable(tmp_path: Path) -> Iterator[Path]:
    """Mount a real ext4 on a loop device; it can be frozen with `fsfreeze`."""
    image = tmp_path / "image"
    with image.open("wb") as file:
        file.truncate(16 << 20)
    try:
        do("mkfs.ext4", "-q", image)
        do("fsfreeze", "--version")
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"a file system cannot be made here: {error}")
    with mounted(tmp_path / "disk", "-o", "loop", image) as place:
        yield place
        with contextlib.suppress(subprocess.SubprocessError):
            do("fsfreeze", "-u", place)


def is_stuck(process: Served) -> bool:
    """Tell whether a thread of the process sleeps in the kernel where nothing wakes it."""
    tasks = Path(f"/proc/{process.process.pid}/task").iterdir()
    return "D" in [(task / "stat").read_text().rpartition(")")[2].split()[0] for task in tasks]


def test_frozen_disk_keeps_no_caller(freezable: Path) -> None:
    """A disk that the kernel has frozen hangs the worker alone, and gets all when thawed."""
    folder = freezable / "logs"
    with served(env={"DATATOOLS_AUDIT_DIR": str(folder)}) as process:
        process.ask("log", 100)
        assert process.ask("flush", LIMIT_SECONDS)
        do("fsfreeze", "-f", freezable)
        try:
            process.ask("log", 5_000)
            assert not process.ask("flush", 0.2)
            during = process.ask("stats")
            assert (5_000, 100, 0) == (
                during["queue_depth"],
                during["written"],
                during["failed_writes"],
            )
            assert is_stuck(process)
        finally:
            do("fsfreeze", "-u", freezable)
        assert process.ask("flush", LIMIT_SECONDS)
    assert list(range(1, 5_101)) == numbers(folder)


@contextlib.contextmanager
def forgetful(place: Path) -> Iterator[tuple[Path, Path, Path]]:
    """Mount a file system whose disk fills behind its back, so that only a sync notices.

    Returns its place, its image, and a file that takes the space.
    """
    place.mkdir()
    with mounted(place / "below", "-t", "tmpfs", "-o", "size=2m", "tmpfs") as below:
        image = below / "image"
        with image.open("wb") as file:
            file.truncate(16 << 20)
        try:
            # Plain ext2, whose blocks for data are not marked as unwritten until they are.
            do("mke2fs", "-q", "-t", "ext2", "-b", 4096, "-N", 64, "-E", "nodiscard", image)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"a file system cannot be made here: {error}")
        with mounted(place / "disk", "-o", "loop,errors=continue", image) as disk:
            yield disk, image, below / "filler"


def sync_fails(process: Served, filler: Path) -> bool:
    """Have 40 KB written that a sync cannot bring to the disk; tell whether it said so."""
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    process.ask("log", 200)  # as many blocks as the inode itself names
    process.ask("flush", 1)
    failed = process.ask("stats")["failed_writes"] > 0
    filler.unlink()
    assert process.ask("flush", LIMIT_SECONDS)
    return failed


def test_sync_that_failed_is_no_success_the_second_time(tmp_path: Path) -> None:
    """With fsync a flush is True once the records are on the disk, also behind a failure.

    The kernel tells a failed write-back once; the next sync succeeds without the data. The
    disk itself is looked at: unmounted and mounted again.
    """
    for attempt in range(5):
        with forgetful(tmp_path / str(attempt)) as (place, image, filler):
            folder = place / "logs"
            # The file is there and has no block yet. A loop device takes a write for whole
            # that begins in a block which has its space.
            folder.mkdir()
            (folder / datatools_audit.audit_log_path().name).touch()
            do("sync", "-f", folder)
            settings = {"DATATOOLS_AUDIT_DIR": str(folder), "DATATOOLS_AUDIT_FSYNC": "1"}
            with served(env=settings) as process:
                failed = sync_fails(process, filler)
            if not failed:  # midnight, or a block that had its space
                continue
            do("umount", place)
            do("mount", "-o", "loop", image, place)
            assert list(range(1, 201)) == numbers(folder)
            return
    pytest.skip("no sync failed here")
