"""The ring: where lines lie, how its file grows, and who may have it."""

from __future__ import annotations

import errno
import itertools
import mmap
import os
import stat
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.writer import ring as ring_module
from datatools_audit.writer import ringfile
from datatools_audit.writer.ring import EVERYTHING, FlightRing, Ring, own_rings
from datatools_audit.writer.ringfile import HEADER_BYTES, LONGEST_LINE, MAGIC, RECORDS_AT, SETTLED
from tests.faults.helpers import names_of_calls
from tests.writer.rings import is_left_alone, open_files, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KIB = 1024
MIB = 1024 * KIB
CAPACITY = 3 * MIB
PROC = f"{os.getpid():08x}"  # shared memory is shared with other runs of these tests

_FORK = """
import os, sys
from pathlib import Path
from datatools_audit.writer.ring import FlightRing
ring = FlightRing("fork", lambda: Path(sys.argv[1]), 1 << 20)
ring.open_in(Path(sys.argv[1]))
child = os.fork()
if not child:
    ring.abandon()
    os._exit(0)
os.waitpid(child, 0)
print(ring.path, flush=True)
sys.stdin.read()
"""


def ready_ring(capacity: int) -> Ring:
    ring = Ring(capacity)
    assert ring.make_ready(EVERYTHING)
    return ring


def line_of(size: int, fill: int = 0) -> bytes:
    return bytes([97 + fill % 26]) * (size - 1) + b"\n"


def laid_out(lines: list[tuple[int, bytes]], capacity: int) -> bytes:
    """Return what memory holds: each line whole, from its position round the ring on."""
    memory = bytearray(capacity + LONGEST_LINE)
    for position, line in lines:
        at = position % capacity
        memory[at : at + len(line)] = line
    return bytes(memory)


@given(
    capacity=st.integers(100, 1_000),
    start=st.integers(0, 1 << 48),
    at_once=st.booleans(),
    part=st.integers(0, 1_000),
    steps=st.lists(
        st.tuples(st.lists(st.integers(1, 100), max_size=20), st.integers(0, 20)), max_size=8
    ),
)
def test_ring_gives_back_what_was_placed(
    capacity: int,
    start: int,
    at_once: bool,  # noqa: FBT001 -- hypothesis passes it by name
    part: int,
    steps: list[tuple[list[int], int]],
) -> None:
    """Lines of any size at any position, round and round: whole, in order, the rest zero."""
    ring = ready_ring(capacity)
    numbers = itertools.count()
    waiting: list[tuple[int, bytes]] = []
    begin = end = start
    for sizes, count in steps:
        new = []
        for size in sizes:
            if end - begin + size <= capacity:
                new.append((end, line_of(size, next(numbers))))
                end += size
        waiting += new
        for first, placed in [(new[0][0], new)] if at_once and new else [(n[0], [n]) for n in new]:
            ring.place(first, b"".join(line for _, line in placed))
        data = b"".join(line for _, line in waiting)
        assert data == ring.read(begin, end)
        assert data[:part] == ring.read(begin, min(end, begin + part))
        assert laid_out(waiting, capacity) == ring.memory[RECORDS_AT:]
        waiting = waiting[count:]
        stop = waiting[0][0] if waiting else end
        ring.clear(begin, stop)
        begin = stop
        assert laid_out(waiting, capacity) == ring.memory[RECORDS_AT:]


@pytest.mark.parametrize("size", [199, 200, 201, 299, 300])
def test_ring_line_that_reaches_the_end_goes_on_behind_it(size: int) -> None:
    """A line lies whole behind the ring's end; the next one where it would have anyway."""
    ring = ready_ring(1_000)
    line, following = line_of(size), line_of(50, 1)
    ring.place(7_800, line + following)
    assert line == ring.memory[RECORDS_AT + 800 : RECORDS_AT + 800 + size]
    at = RECORDS_AT + (800 + size) % 1_000
    assert following == ring.memory[at : at + 50]
    assert (line, following) == (ring.first_line(7_800), ring.first_line(7_800 + size))
    data = line + following
    parts = [ring.read(7_800, 7_800 + count) for count in range(len(data) + 1)]
    assert [data[:count] for count in range(len(data) + 1)] == parts


def test_ring_clears_more_than_it_has_zeros() -> None:
    """However much is cleared at once, all of it is zero then, and nothing else."""
    ring = ready_ring(2 * MIB)
    lines = [line_of(64 * KIB, fill) for fill in range(20)]
    ring.place(0, b"".join(lines))
    ring.clear(64 * KIB, 19 * 64 * KIB)
    expected = [(0, lines[0]), (19 * 64 * KIB, lines[19])]
    assert laid_out(expected, 2 * MIB) == ring.memory[RECORDS_AT:]


def batch_of(ring: Ring) -> bytes:
    return ring.memory[HEADER_BYTES:RECORDS_AT].rstrip(b"\0")


def settled(ring: Ring) -> int:
    return int(SETTLED.unpack_from(ring.memory, 8)[0])


def test_ring_holds_a_batch_until_it_is_settled() -> None:
    """What is settled becomes zero from the front on, and is counted where a reader looks."""
    ring = ready_ring(1_000)
    ring.hold(b"one\ntwo\nthree\n")
    assert (b"one\ntwo\nthree\n", 0) == (batch_of(ring), settled(ring))
    ring.settle(4, 1)
    assert (b"\0\0\0\0two\nthree\n", 1) == (batch_of(ring), settled(ring))
    ring.settle(10, 2)
    assert (b"", 3) == (batch_of(ring), settled(ring))
    ring.hold(b"four\n")
    assert (b"four\n", 3) == (batch_of(ring), settled(ring))
    ring.settle(5, 1)
    assert (b"", 4) == (batch_of(ring), settled(ring))


def test_ring_batch_of_any_size_leaves_the_lines_alone() -> None:
    """The longest batch and the longest line behind it end before the lines begin."""
    ring = ready_ring(1_000)
    ring.place(0, line_of(100))
    batch = line_of(256 * KIB) + line_of(LONGEST_LINE, 1)
    ring.hold(batch)
    assert (batch, line_of(100)) == (batch_of(ring), ring.first_line(0))
    ring.settle(len(batch), 2)
    assert (b"", line_of(100)) == (batch_of(ring), ring.first_line(0))


class Recorded:
    """Notes which bytes are asked for."""

    def __init__(self) -> None:
        self.asked: list[range] = []

    def __getitem__(self, given: slice) -> bytes:
        self.asked.append(range(given.start, given.stop, given.step))
        return b""


def test_ring_touches_each_page_once_some_at_a_time() -> None:
    """Call for call the next pages, at most 32, until all have been asked for."""
    ring = ready_ring(MIB)
    memory: Any = Recorded()
    total = len(ring.memory)
    ring.memory = memory
    while ring.touch_some():
        assert len(memory.asked[-1]) <= 32
    touched = [at for each in memory.asked for at in each if at < total]
    assert list(range(0, total, mmap.PAGESIZE)) == touched
    assert not ring.touch_some()
    assert touched == [at for each in memory.asked for at in each if at < total]


def test_ring_is_made_once() -> None:
    """What lies in it stays when it is made ready again."""
    ring = Ring(1_000)
    assert (0, None, "switched off") == (ring.ready, ring.path, ring.why_off)
    assert ring.make_ready(10)
    ring.place(0, b"line\n")
    assert ring.make_ready(EVERYTHING)
    assert (EVERYTHING, b"line\n") == (ring.ready, ring.first_line(0))


class Interrupted(Ring):
    """A ring amid whose making a signal handler logs."""

    within: list[tuple[int | None, bool]]
    error: BaseException | None = None

    def _make(self, end: int) -> bool:
        self.within.append((self.maker, self.make_ready(end)))
        if self.error is not None:
            raise self.error
        return super()._make(end)


def test_ring_signal_handler_amid_the_making_is_told_to_wait() -> None:
    """It gets an answer at once and makes nothing itself; then the ring is there."""
    ring = Interrupted(1_000)
    ring.within = []
    assert ring.make_ready(1)
    me = threading.get_ident()
    assert ([(me, True)], None, EVERYTHING) == (ring.within, ring.maker, ring.ready)


def test_ring_making_that_is_broken_off_is_made_again() -> None:
    """Ctrl-C amid the making leaves a ring that the next caller makes."""
    ring = Interrupted(1_000)
    ring.within, ring.error = [], KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        ring.make_ready(1)
    assert (None, 0) == (ring.maker, ring.ready)
    ring.error = None
    assert ring.make_ready(1)
    assert EVERYTHING == ring.ready


@pytest.fixture
def flight(tmp_path: Path) -> Iterator[Callable[..., FlightRing]]:
    """Give a function that makes a flight recorder; each one's file is removed at the end."""
    made: list[FlightRing] = []

    def make(capacity: int = CAPACITY, folder: Path = tmp_path / "logs") -> FlightRing:
        made.append(FlightRing(PROC, lambda: folder, capacity))
        return made[-1]

    yield make
    for ring in made:
        ring.release()


def test_flight_ring_is_released_behind_the_making(
    flight: Callable[..., FlightRing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else room would be asked for in whatever file got the number of the one that is closed."""
    ring = flight()
    assert ring.make_ready(1)
    other = threading.Thread(target=ring.release)
    asked_for: list[os.stat_result] = []
    pause = threading.Event()

    def reserve(handle: int, _start: int, _size: int) -> None:
        if not asked_for:
            other.start()
            while other.is_alive() and "release" not in names_of_calls(other):
                pause.wait(0.001)
            other.join(0.05)  # as long as it lets itself be kept
        asked_for.append(os.fstat(handle))

    whose = os.fstat(ring.handle or -1)
    monkeypatch.setattr(os, "posix_fallocate", reserve)
    assert ring.make_ready(EVERYTHING)
    other.join(10)
    assert (None, False) == (ring.handle, other.is_alive())
    assert {whose.st_ino} == {each.st_ino for each in asked_for}


class Space:
    """Stands in for ``posix_fallocate``: notes what is reserved, refuses what is too much."""

    def __init__(self) -> None:
        self.reserved: list[tuple[int, int]] = []
        self.limit = EVERYTHING
        self._real = os.posix_fallocate

    def __call__(self, handle: int, start: int, size: int) -> None:
        if start + size > self.limit:
            raise OSError(errno.ENOSPC, "no space")
        self._real(handle, start, size)
        self.reserved.append((start, start + size))


@pytest.fixture
def space(monkeypatch: pytest.MonkeyPatch) -> Space:
    made = Space()
    monkeypatch.setattr(os, "posix_fallocate", made)
    return made


def path_of(ring: FlightRing) -> Path:
    assert ring.path is not None
    return ring.path


def open_files_without(ring: FlightRing) -> int:
    """Return how many files are open once the mapping is gone, which has one of its own."""
    if ring.memory is not None:
        ring.memory.close()
    return open_files()


def files_of(place: Path) -> list[Path]:
    return [path for path in ringfile.find(place) if PROC in path.name]


@pytest.mark.parametrize("mask", [0, 0o077, 0o777])
def test_flight_ring_lies_in_shared_memory_for_the_user_only(
    mask: int, flight: Callable[..., FlightRing], tmp_path: Path
) -> None:
    """Made at the first need: 0600, ready with its magic, for this process and folder."""
    ring = flight()
    assert (None, None, "not begun") == (ring.path, ring.handle, ring.why_off)
    assert [] == files_of(ringfile.SHARED_MEMORY)
    before = os.umask(mask)
    try:
        assert ring.make_ready(1)
    finally:
        os.umask(before)
    path = path_of(ring)
    assert ([path], None) == (files_of(ringfile.SHARED_MEMORY), ring.why_off)
    assert path in own_rings()
    assert 0o600 & ~mask == stat.S_IMODE(path.stat().st_mode)
    assert len(ring.memory) == path.stat().st_size == RECORDS_AT + CAPACITY + LONGEST_LINE
    assert MAGIC == ring.memory[:8]
    assert str(tmp_path / "logs").encode() in ring.memory[:HEADER_BYTES]
    assert os.fstat(ring.handle or -1).st_ino == path.stat().st_ino


def test_flight_ring_grows_as_it_is_needed(flight: Callable[..., FlightRing], space: Space) -> None:
    """512 KiB at first, then a MiB at a time, at last everything; none of it twice."""
    ring = flight()
    assert ring.make_ready(1)
    assert ([(0, RECORDS_AT + 512 * KIB)], 512 * KIB) == (space.reserved, ring.ready)
    assert path_of(ring).stat().st_blocks * 512 >= RECORDS_AT + 512 * KIB
    assert ring.make_ready(512 * KIB)
    assert 1 == len(space.reserved)
    assert ring.make_ready(512 * KIB + 1)
    assert (2, 512 * KIB + MIB) == (len(space.reserved), ring.ready)
    assert ring.make_ready(EVERYTHING)
    total = path_of(ring).stat().st_size
    edges = [start for start, _ in space.reserved] + [total]
    assert list(itertools.pairwise(edges)) == space.reserved
    assert max(end - start for start, end in space.reserved[1:]) <= MIB
    assert EVERYTHING == ring.ready
    assert path_of(ring).stat().st_blocks * 512 >= total


def test_flight_ring_touches_no_page_without_space(flight: Callable[..., FlightRing]) -> None:
    """Pages are not asked for before all of them are reserved."""
    ring = flight()
    assert ring.make_ready(1)
    assert not ring.touch_some()
    assert ring.make_ready(EVERYTHING)
    assert ring.touch_some()


def test_flight_ring_keeps_its_lines_when_it_grows(flight: Callable[..., FlightRing]) -> None:
    """What is placed is in the file, before and after more space is had."""
    ring = flight()
    assert ring.make_ready(1)
    ring.place(0, b"line\n")
    assert ring.make_ready(EVERYTHING)
    assert b"line\n" == ring.first_line(0)
    assert b"line\n" == os.pread(ring.handle or -1, 5, RECORDS_AT)


def refuse(error: BaseException) -> Callable[..., Any]:
    def refused(*_: object) -> None:
        raise error

    return refused


REFUSALS: dict[str, tuple[object, str, object, str]] = {
    "no space": (os, "posix_fallocate", refuse(OSError(28, "no")), "OSError: [Errno 28] no"),
    "no size": (os, "ftruncate", refuse(OSError(27, "no")), "OSError: [Errno 27] no"),
    "no mapping": (mmap, "mmap", refuse(MemoryError("no")), "MemoryError: no"),
    "owned": (ring_module, "own", lambda _: False, "BlockingIOError: [Errno 11] the ring is"),
    "long": (ringfile, "HEADER_BYTES", 64, "ValueError: the folder's path is too long"),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_flight_ring_that_cannot_be_had_leaves_nothing(
    refusal: str, flight: Callable[..., FlightRing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails: no file, no open handle, no entry, and one line that says why."""
    before = open_files(), set(own_rings())
    ring = flight()
    with monkeypatch.context() as patch:
        patch.setattr(*REFUSALS[refusal][:3])
        assert not ring.make_ready(1)
    assert (ring.why_off or "").startswith(REFUSALS[refusal][3])
    assert ([], None, None) == (files_of(ringfile.SHARED_MEMORY), ring.path, ring.handle)
    assert before == (open_files(), own_rings())


def test_flight_ring_without_shared_memory_says_why(
    flight: Callable[..., FlightRing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Python built without it, and a system without it, make no ring and raise nothing."""
    monkeypatch.setattr("datatools_audit.writer.ring._posixshmem", None)
    ring = flight()
    assert not ring.make_ready(1)
    assert "no shared memory on this system" in (ring.why_off or "")
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not ring.make_ready(1)
    assert [] == files_of(ringfile.SHARED_MEMORY)


def test_flight_ring_folder_too_long_for_the_header(
    flight: Callable[..., FlightRing], tmp_path: Path
) -> None:
    """A path of 4 KiB, as Linux allows no longer one, leaves the lines in plain memory."""
    ring = flight(folder=Path("/" + "x" * 4_095))
    assert not ring.make_ready(1)
    assert "ValueError: the folder's path is too long for a ring" == ring.why_off
    assert [] == files_of(ringfile.SHARED_MEMORY)


def test_flight_ring_without_space_to_grow_keeps_what_it_has(
    flight: Callable[..., FlightRing], space: Space
) -> None:
    """A refused growth says why and leaves what is ready; with space again it goes on."""
    ring = flight()
    assert ring.make_ready(1)
    ring.place(0, b"line\n")
    space.limit = RECORDS_AT + 2 * MIB
    assert not ring.make_ready(EVERYTHING)
    assert "OSError: [Errno 28] no space" == ring.why_off
    assert (512 * KIB + MIB, b"line\n") == (ring.ready, ring.first_line(0))
    assert ring.make_ready(512 * KIB + MIB)
    assert path_of(ring).exists()
    space.limit = EVERYTHING
    assert ring.make_ready(EVERYTHING)
    assert (EVERYTHING, b"line\n") == (ring.ready, ring.first_line(0))


def test_flight_ring_lives_without_locks(
    flight: Callable[..., FlightRing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file system has no locks, the ring is made all the same."""
    monkeypatch.setattr(ring_module, "own", lambda _: None)
    ring = flight()
    assert ring.make_ready(1)
    assert (None, True) == (ring.why_off, path_of(ring).exists())


@pytest.mark.parametrize("kind", ["file", "link"])
def test_flight_ring_never_takes_what_stands_there(
    kind: str, flight: Callable[..., FlightRing], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or a link that somebody put in the ring's place is neither used nor removed."""
    monkeypatch.setattr(ringfile, "ring_name", lambda proc: f"{proc}.ring")
    planted, target = tmp_path / f"{PROC}.ring", tmp_path / "target"
    target.write_bytes(b"precious")
    if kind == "file":
        planted.write_bytes(b"precious")
    else:
        planted.symlink_to(target)
    ring = flight()
    with pytest.raises(FileExistsError):
        ring.open_in(tmp_path)
    ring.release()
    assert (b"precious", b"precious") == (planted.read_bytes(), target.read_bytes())
    assert (kind == "link", None) == (planted.is_symlink(), ring.path)


def test_flight_ring_in_a_folder_has_all_its_space(
    flight: Callable[..., FlightRing], tmp_path: Path, space: Space
) -> None:
    """On a disk the whole file is reserved before it is used; 0600 there too."""
    ring = flight()
    ring.open_in(tmp_path)
    total = path_of(ring).stat().st_size
    assert (EVERYTHING, None, [path_of(ring)]) == (ring.ready, ring.why_off, files_of(tmp_path))
    assert (0o600, total) == (stat.S_IMODE(path_of(ring).stat().st_mode), space.reserved[-1][1])
    assert total == sum(end - start for start, end in space.reserved)


@pytest.mark.parametrize("limit", [0, RECORDS_AT + MIB, RECORDS_AT + CAPACITY])
def test_flight_ring_in_a_folder_without_space_leaves_nothing(
    limit: int, flight: Callable[..., FlightRing], tmp_path: Path, space: Space
) -> None:
    """A disk that is full now or soon raises, and the file is gone again."""
    before = open_files(), set(own_rings())
    space.limit = limit
    ring = flight()
    with pytest.raises(OSError, match="no space"):
        ring.open_in(tmp_path)
    assert [] == files_of(tmp_path)
    assert before == (open_files_without(ring), own_rings())


def test_flight_ring_in_a_folder_that_is_not_there(
    flight: Callable[..., FlightRing], tmp_path: Path
) -> None:
    """The folder is somebody else's to make."""
    with pytest.raises(FileNotFoundError):
        flight().open_in(tmp_path / "nowhere")


def test_flight_ring_released_is_gone_for_good(
    flight: Callable[..., FlightRing], tmp_path: Path
) -> None:
    """The file is removed and closed, what lies in memory stays, and no new file is made."""
    before = open_files()
    ring = flight()
    assert ring.make_ready(1)
    ring.place(0, b"line\n")
    path = path_of(ring)
    ring.release()
    assert (False, None, b"line\n") == (path.exists(), ring.handle, ring.first_line(0))
    assert path not in own_rings()
    assert (True, False) == (ring.make_ready(1), ring.make_ready(EVERYTHING))
    ring.release()
    assert [] == files_of(ringfile.SHARED_MEMORY)
    assert before == open_files_without(ring)


def test_flight_ring_release_of_what_is_gone_or_never_was(
    flight: Callable[..., FlightRing], tmp_path: Path
) -> None:
    """A file that somebody removed, and a ring that never had one, are released in peace."""
    removed, never = flight(), flight()
    removed.open_in(tmp_path)
    path_of(removed).unlink()
    removed.release()
    never.release()
    assert not never.make_ready(1)
    assert [] == [*files_of(tmp_path), *files_of(ringfile.SHARED_MEMORY)]


def test_flight_ring_abandoned_leaves_its_file(
    flight: Callable[..., FlightRing], tmp_path: Path
) -> None:
    """The file stays with its lines and is closed; nothing more is made."""
    before = open_files()
    ring = flight()
    assert ring.make_ready(1)
    ring.place(0, b"line\n")
    path = path_of(ring)
    ring.abandon()
    assert (None, False) == (ring.handle, ring.make_ready(EVERYTHING))
    assert path not in own_rings()
    assert b"line\n" == path.read_bytes()[RECORDS_AT : RECORDS_AT + 5]
    assert before == open_files_without(ring)


def test_flight_ring_is_its_processs_until_it_is_abandoned(
    flight: Callable[..., FlightRing],
) -> None:
    """Another process leaves it alone while it is in use, and only then."""
    ring = flight()
    assert ring.make_ready(1)
    assert is_left_alone(path_of(ring))
    ring.abandon()
    assert not is_left_alone(path_of(ring))


def test_flight_ring_abandoned_by_a_child_stays_the_parents(tmp_path: Path) -> None:
    """A child of a fork that lets go of its parent's ring takes it from nobody."""
    with running(_FORK, tmp_path) as line:
        (path,) = tmp_path.glob("*.ring")
        assert str(path) == line
        assert is_left_alone(path)
    assert not is_left_alone(path)


def test_reserve_without_the_systems_call_writes_zeros(
    flight: Callable[..., FlightRing], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where space cannot be reserved by a call, it is written, and the header survives it."""
    monkeypatch.delattr(os, "posix_fallocate")
    ring = flight()
    ring.open_in(tmp_path)
    stored = path_of(ring).stat()
    assert stored.st_blocks * 512 >= stored.st_size == RECORDS_AT + CAPACITY + LONGEST_LINE
    assert MAGIC == ring.memory[:8]
    assert b"" == ring.memory[HEADER_BYTES:].rstrip(b"\0")


@pytest.mark.parametrize("size", [64, 128, 360, 368, 372])
def test_flight_ring_of_a_small_queue_has_all_its_space(size: int, tmp_path: Path) -> None:
    """A queue of the least bytes that may be configured has a flight recorder too."""
    ring = FlightRing(PROC, lambda: tmp_path, ringfile.capacity_for(size * KIB))
    try:
        ring.open_in(tmp_path)
        assert (EVERYTHING, None) == (ring.ready, ring.why_off)
    finally:
        ring.release()


def test_flight_ring_is_known_as_own_before_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search at that moment does not open it: that would free its lock."""
    known: list[bool] = []
    real = ring_module._open_file

    def look(path: Path) -> int:
        known.append(path in own_rings())
        return real(path)

    monkeypatch.setattr(ring_module, "_open_file", look)
    ring = FlightRing(PROC, lambda: tmp_path, MIB)
    ring.open_in(tmp_path)
    ring.release()
    assert ([True], set()) == (known, {path for path in own_rings() if path.parent == tmp_path})


def test_flight_ring_whose_making_is_broken_off_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C right behind the making of the file: it is removed."""
    real = ring_module._open_file

    def broken_off(path: Path) -> int:
        os.close(real(path))
        raise KeyboardInterrupt

    monkeypatch.setattr(ring_module, "_open_file", broken_off)
    ring = FlightRing(PROC, lambda: tmp_path, MIB)
    with pytest.raises(KeyboardInterrupt):
        ring.open_in(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_flight_ring_takes_nobodys_file_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the ring's name that is there already stays."""
    monkeypatch.setattr(ringfile, "ring_name", lambda _proc: "taken")
    (tmp_path / "taken").touch()
    with pytest.raises(FileExistsError):
        FlightRing(PROC, lambda: tmp_path, MIB).open_in(tmp_path)
    assert (tmp_path / "taken").exists()
