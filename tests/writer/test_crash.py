"""Where the interpreter writes when it dies of a native crash."""

from __future__ import annotations

import faulthandler
import importlib.util
import os
import signal
from typing import TYPE_CHECKING

import pytest

from datatools_audit.writer.crash import CrashDump, crash_dump
from datatools_audit.writer.ring import FlightRing
from tests.faults.helpers import opened_path
from tests.writer.rings import is_left_alone, open_files, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RING = b"x" * 1_000
HEAD = "Fatal Python error: Segmentation fault"

# Points a dump at each of the files given, or away where it says so, then crashes. The files
# are closed before, as those of a ring are, and another one takes their number.
_CRASH = """
import faulthandler, os, resource, signal, sys
from datatools_audit.writer.crash import CrashDump
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
before, *paths, other = sys.argv[1:]
if before == "enabled":
    faulthandler.enable()
dump = CrashDump()
for path in paths:
    if path == "away":
        dump.away()
    else:
        handle = os.open(path, os.O_RDWR)
        dump.to(handle)
        os.close(handle)
reused = os.open(other, os.O_RDWR)
print(faulthandler.is_enabled())
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGSEGV)
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Give three files such as rings are."""
    made = [tmp_path / name for name in ("first", "second", "other")]
    for path in made:
        path.write_bytes(RING)
    return made


def crash(*steps: object, before: str = "") -> tuple[bool, str]:
    """Crash behind these steps; tell whether faulthandler was on, and what stderr got."""
    out, err = said(_CRASH, before, *steps, status=-signal.SIGSEGV)
    return out == "True\n", err


def dumps(files: list[Path]) -> list[str]:
    """Return what stands behind what each file had, which is there unchanged."""
    found = [path.read_bytes() for path in files]
    assert [RING] * len(files) == [each[: len(RING)] for each in found]
    return [each[len(RING) :].decode() for each in found]


def test_crash_is_written_at_the_end_of_the_file(files: list[Path]) -> None:
    """The dump stands behind the ring, though that is closed, and nowhere else."""
    first, _, other = files
    assert (True, "") == crash(first, other)
    dump, *others = dumps(files)
    assert [dump.startswith(HEAD), "<string>" in dump, *others] == [True, True, "", ""]


def test_crash_is_written_to_the_latest_file_only(files: list[Path]) -> None:
    """A new ring takes the dump over from the one before."""
    assert (True, "") == crash(*files)
    before, dump, other = dumps(files)
    assert ["", True, ""] == [before, dump.startswith(HEAD), other]


def test_crash_is_written_nowhere_when_the_file_is_gone(files: list[Path]) -> None:
    """Pointed away, neither the ring nor stderr gets anything."""
    first, _, other = files
    assert (True, "") == crash(first, "away", other)
    assert [""] * 3 == dumps(files)


def test_crash_can_be_pointed_to_a_file_again(files: list[Path]) -> None:
    """After a reset, or in the child of a fork, a new ring gets the dump."""
    first, second, other = files
    assert (True, "") == crash("away", first, "away", second, other)
    before, dump, _ = dumps(files)
    assert ["", True] == [before, dump.startswith(HEAD)]


def test_crash_of_an_app_with_its_own_dump_is_left_to_it(files: list[Path]) -> None:
    """Where faulthandler is on already, it goes on writing where the app had pointed it."""
    first, second, other = files
    enabled, err = crash(first, "away", second, other, before="enabled")
    assert (True, True) == (enabled, err.startswith(HEAD))
    assert [""] * 3 == dumps(files)


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Give the numbers for which faulthandler is enabled, without that it is."""
    enabled: list[int] = []
    monkeypatch.setattr(faulthandler, "is_enabled", lambda: bool(enabled))
    monkeypatch.setattr(faulthandler, "enable", enabled.append)
    yield enabled
    for number in enabled:
        os.close(number)


@pytest.fixture
def dump() -> Iterator[CrashDump]:
    made = CrashDump()
    yield made
    if made._nowhere >= 0:
        os.close(made._nowhere)


def point(dump: CrashDump, path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    dump.to(handle)
    os.close(handle)


def test_crash_dump_keeps_one_number(
    dump: CrashDump, files: list[Path], numbers: list[int]
) -> None:
    """Faulthandler is enabled once; only what stands behind its number changes."""
    before = open_files()
    found = []
    for path in files:
        point(dump, path)
        found.append(opened_path(numbers[0]))
        assert len(RING) == os.lseek(numbers[0], 0, os.SEEK_CUR)
    dump.away()
    found.append(opened_path(numbers[0]))
    assert [*map(str, files), os.devnull] == found
    assert (1, before + 2) == (len(numbers), open_files())


def test_crash_dump_is_not_inherited(
    dump: CrashDump, files: list[Path], numbers: list[int]
) -> None:
    """No program that the app starts gets the ring's file, nor what stands in for it."""
    steps = [lambda: point(dump, files[0]), lambda: point(dump, files[1]), dump.away]
    inheritable = []
    for step in steps:
        step()
        inheritable += [os.get_inheritable(numbers[0]), os.get_inheritable(dump._nowhere)]
    assert [False] * 6 == inheritable


def test_crash_dump_away_without_a_file_does_nothing(dump: CrashDump, numbers: list[int]) -> None:
    """Nobody's faulthandler is touched before a ring was there."""
    before = open_files()
    dump.away()
    assert (before, []) == (open_files(), numbers)


def test_crash_dump_of_a_closed_file_is_refused(
    dump: CrashDump, files: list[Path], numbers: list[int]
) -> None:
    """A ring that cannot be had raises, and faulthandler stays as it was."""
    handle = os.open(files[0], os.O_RDWR)
    os.close(handle)
    with pytest.raises(OSError, match="Bad file descriptor"):
        dump.to(handle)
    assert [] == numbers


def test_crash_dump_is_one_for_the_process() -> None:
    """Also a second copy of the module, after a hot reload, has the number of the first."""
    spec = importlib.util.find_spec("datatools_audit.writer.crash")
    assert spec is not None
    assert spec.loader is not None
    again = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(again)
    assert CrashDump is not again.CrashDump
    assert crash_dump() is crash_dump() is again.crash_dump()


def test_crash_dump_pointed_twice_leaves_the_ring_owned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second worker, begun after the first one died, points the dump at the same ring."""
    monkeypatch.setattr(faulthandler, "is_enabled", lambda: False)
    monkeypatch.setattr(faulthandler, "enable", lambda _number: None)
    ring = FlightRing("twice", lambda: tmp_path, 1 << 20)
    ring.open_in(tmp_path)
    assert ring.handle is not None
    assert ring.path is not None
    dump = CrashDump()
    for _ in range(2):
        dump.to(ring.handle)
        assert is_left_alone(ring.path)
    ring.release()
    dump.away()
