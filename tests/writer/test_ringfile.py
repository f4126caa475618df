"""The form of a ring's file: what is taken for one, and what is read from it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.paths import shared_temporary_folder
from datatools_audit.writer import ringfile
from datatools_audit.writer.filelock import own
from datatools_audit.writer.ringfile import (
    HEADER_BYTES,
    HELD_BYTES,
    LONGEST_LINE,
    MAGIC,
    About,
    Remains,
    capacity_for,
    find,
    header,
    open_dead,
    own_folder,
    places,
    read,
    ring_name,
    started,
)
from tests.writer.impostors import IMPOSTORS
from tests.writer.rings import (
    PROC,
    RING_BYTES,
    is_left_alone,
    open_files,
    owned,
    record,
    records,
    ring_bytes,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = Path("/var/log/some app")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a ring that a dead process left, empty."""
    made = tmp_path / ring_name(PROC)
    made.write_bytes(ring_bytes(FOLDER))
    return made


def remains_of(path: Path, data: bytes) -> Remains:
    """Return what is read from a file of these bytes."""
    path.write_bytes(data)
    opened = open_dead(path)
    assert opened is not None
    try:
        return read(*opened)
    finally:
        os.close(opened[0])


def about_of(path: Path) -> About | None:
    opened = open_dead(path)
    if opened is None:
        return None
    os.close(opened[0])
    return opened[1]


def test_ring_names_differ_and_are_found(tmp_path: Path) -> None:
    """Each name is new, and each is found among other files, in order."""
    names = {ring_name(PROC) for _ in range(12)}
    assert 12 == len(names)
    for name in [*names, "datatools-audit-1.jsonl", "other.ring", f"{PROC}-1.ring"]:
        (tmp_path / name).touch()
    assert sorted(tmp_path / name for name in names) == list(find(tmp_path))


@pytest.mark.parametrize("kind", ["missing", "file", "refused"])
def test_find_in_what_cannot_be_searched_finds_nothing(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is not there, is none or lets nobody in has no rings."""
    place = tmp_path / "place"
    if kind == "file":
        place.touch()

    def refuse(*_: object) -> Iterator[Path]:
        raise PermissionError(13, "no")

    if kind == "refused":
        monkeypatch.setattr(Path, "glob", refuse)
    assert [] == list(find(place))


def test_places_are_shared_memory_and_a_folder_of_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Linux both, elsewhere the folder only, which each user has for himself."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    own = tmp_path / f"datatools-audit-{os.getuid()}"
    assert [Path("/dev/shm"), own] == places()
    monkeypatch.setattr("sys.platform", "darwin")
    assert [own] == places()
    for value in ("", None):
        if value is None:
            monkeypatch.delenv("TMPDIR")
        else:
            monkeypatch.setenv("TMPDIR", value)
        assert Path(shared_temporary_folder(), own.name) == own_folder()


@pytest.mark.parametrize("size", [0, 1, 4_095, 4_096, 4_097, 8 << 20])
def test_capacity_has_room_for_the_bound_and_a_line_in_whole_pages(size: int) -> None:
    """The least number of whole pages in which so much and the longest line find room."""
    capacity = capacity_for(size)
    assert 0 == capacity % HEADER_BYTES
    assert 0 <= capacity - size - LONGEST_LINE < HEADER_BYTES


@pytest.mark.parametrize("folder", ["/logs", "/ä/日本/\U0001f600", "/\udcff", '/"\\\n'])
def test_header_is_read_back_as_it_was_written(folder: str, tmp_path: Path) -> None:
    """Whatever a folder is called, a later process finds it in the header."""
    path = tmp_path / ring_name(PROC)
    head = header(PROC, Path(folder), 123_456)
    assert HEADER_BYTES - 8 == len(head)
    path.write_bytes(MAGIC + head)
    expected = About(PROC, os.getpid(), started(os.getpid()), Path(folder), 123_456)
    assert expected == about_of(path)
    assert 0 == remains_of(path, MAGIC + head).settled


def test_header_that_is_too_long_is_refused() -> None:
    """A path that fits to the last byte is taken, one byte more is refused."""
    text = header(PROC, Path("/"), 0).rstrip(b"\0")[8:]
    longest = "/" + "x" * (HEADER_BYTES - 16 - len(text))
    assert header(PROC, Path(longest), 0).endswith(b"}")
    with pytest.raises(ValueError, match="too long"):
        header(PROC, Path(longest + "x"), 0)


def test_started_is_of_the_process_whatever_it_is_called(tmp_path: Path) -> None:
    """A later process started later, also one whose name looks like the figures beside it."""
    cat = shutil.which("cat")
    assert cat is not None
    link = tmp_path / "x) 1 (2 3"
    link.symlink_to(cat)
    with subprocess.Popen([link], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"named by now\n")
        process.stdin.flush()
        process.stdout.readline()
        name = Path(f"/proc/{process.pid}/comm").read_text().rstrip()
        begun = started(process.pid)
    ours = started(os.getpid())
    fields = Path("/proc/self/stat").read_text().rpartition(") ")[2].split()
    assert ("x) 1 (2 3", fields[19]) == (name, ours)
    assert int(ours) < int(begun)


def test_started_of_nobody_is_empty() -> None:
    """No process, no start."""
    assert "" == started(1 << 30)


def test_open_dead_tells_whose_it_was_and_owns_it(path: Path) -> None:
    """The ring of a dead process is ours until we close it, and no child's."""
    opened = open_dead(path)
    assert opened is not None
    handle, about = opened
    assert About(PROC, 1, "0", FOLDER, len(ring_bytes(FOLDER))) == about
    assert (True, False) == (is_left_alone(path), os.get_inheritable(handle))
    os.close(handle)
    assert not is_left_alone(path)


@pytest.mark.parametrize("kind", IMPOSTORS)
def test_open_dead_leaves_alone_what_is_no_ring(kind: str, path: Path) -> None:
    """What is no plain, whole, ready ring is not opened; it is left as it was, and nobody waits."""
    good = path.read_bytes()
    path.unlink()
    IMPOSTORS[kind](path, good)
    before = open_files(), state_of(path)
    assert None is open_dead(path)
    assert before == (open_files(), state_of(path))


def test_open_dead_of_what_is_gone(path: Path) -> None:
    """A file that somebody else was quicker to remove is none."""
    path.unlink()
    assert None is open_dead(path)


def test_open_dead_leaves_another_users_ring_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another user could have put there is not believed."""
    assert about_of(path) is not None
    mine, before = os.getuid(), open_files()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    assert (None, before) == (open_dead(path), open_files())


def test_open_dead_leaves_a_living_processs_ring_alone(path: Path) -> None:
    """While another process owns it, it is not ours; when that is killed, it is."""
    before = open_files()
    with owned(path):
        assert None is open_dead(path)
    assert before == open_files()
    assert about_of(path) is not None


def test_open_dead_removed_meanwhile_is_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process recovered and removed it between our opening and our owning it."""

    def own_late(handle: int) -> bool | None:
        path.unlink()
        return own(handle)

    monkeypatch.setattr(ringfile, "own", own_late)
    before = open_files()
    assert (None, before) == (open_dead(path), open_files())


@pytest.mark.parametrize(
    ("pid", "start", "is_dead"),
    [
        (os.getpid(), started(os.getpid()), False),
        (os.getpid(), "1", True),
        (1 << 30, "1", True),
        (1 << 30, "", False),
    ],
    ids=["alive", "another since", "nobody", "unknown"],
)
def test_open_dead_without_locks_asks_for_the_process(
    pid: int,
    start: str,
    is_dead: bool,  # noqa: FBT001 -- pytest passes it by name
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the file system has no locks, the number and the start of the process tell."""
    monkeypatch.setattr(ringfile, "own", lambda _: None)
    path.write_bytes(ring_bytes(FOLDER, pid=pid, started=start))
    assert is_dead == (about_of(path) is not None)


def test_read_finds_the_lines_of_the_batch_and_of_the_ring(path: Path) -> None:
    """Each line once, by its number, wherever it lies."""
    data = ring_bytes(FOLDER, held=records(3, 4), waiting=records(6, 4, 5), settled=2)
    expected = {seq: record(seq) for seq in (3, 4, 5, 6)}
    found = remains_of(path, data)
    assert Remains(2, expected, "") == found
    assert [3, 4, 5, 6] == list(found.lines)


@given(
    place=st.integers(0, RING_BYTES - 1_000),
    before=st.integers(0, 3),
    settled=st.integers(0, (1 << 64) - 1),
)
def test_read_finds_lines_at_any_place(
    place: int, before: int, settled: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Zeros of any number lie between lines, and the counter may be any."""
    path = tmp_path_factory.getbasetemp() / ring_name(PROC)
    waiting = [*records(*range(10, 10 + before)), b"\0" * place, *records(5, 6)]
    found = remains_of(path, ring_bytes(FOLDER, waiting=waiting, settled=settled))
    path.unlink()
    assert ([5, 6, *range(10, 10 + before)], settled) == (list(found.lines), found.settled)


SIZE = len(record(2))


def misread(path: Path, torn: Sequence[bytes], *around: int) -> list[bytes]:
    """Return the torn lines beside which anything is found but the lines around them."""
    first, *others = records(*around)
    expected = dict(zip(around, [first, *others], strict=True))
    return [
        each
        for each in torn
        if expected != remains_of(path, ring_bytes(FOLDER, waiting=[first, each, *others])).lines
    ]


def test_read_leaves_out_a_line_that_was_cut_short(path: Path) -> None:
    """However much of a line the end of the process let through: without its newline, none."""
    assert [] == misread(path, [record(2)[:cut] for cut in range(SIZE)], 1)


def test_read_leaves_out_a_line_with_a_zero_in_it(path: Path) -> None:
    """A copy whose end was there before its middle is no line; those beside it are."""
    torn = [record(2)[:hole] + b"\0" + record(2)[hole + 1 :] for hole in range(SIZE - 1)]
    assert [] == misread(path, torn, 1, 3)


def test_read_leaves_out_a_line_whose_beginning_is_cleared(path: Path) -> None:
    """What is settled becomes zero from the front: the rest of a line is no line."""
    torn = [record(2)[cut:].rjust(SIZE, b"\0") for cut in range(1, SIZE)]
    assert [] == misread(path, torn, 1, 3)


@pytest.mark.parametrize(
    "waiting",
    [
        record(2, proc="ffffffff"),
        b'{"ts":"2026-05-19T12:00:00.000+00:00"}\n',
        record(2).replace(b'"seq":2', b'"seq":null'),
        record(2).replace(b'"seq":2', b'"seq":"two"'),
        record(2).replace(b"}\n", b"}}\n"),
        record(2)[:-2] + b"\n",
        b'{"ts":"}\n',
        b'{"no":"ts"}\n',
    ],
)
def test_read_leaves_out_what_is_no_record_of_the_process(waiting: bytes, path: Path) -> None:
    """What does not parse, is another process's or has no number is not taken for a line."""
    data = ring_bytes(FOLDER, waiting=[record(1), waiting, record(3)])
    assert {1: record(1), 3: record(3)} == remains_of(path, data).lines


def test_read_ring_that_is_full_to_its_last_byte(path: Path) -> None:
    """A whole line at the ring's very end is one, and a part of a line there is none."""
    filler = b"\0" * (RING_BYTES - len(record(1)))
    whole = ring_bytes(FOLDER, waiting=[filler, record(1)])
    assert {1: record(1)} == remains_of(path, whole).lines
    part = ring_bytes(FOLDER, waiting=[filler, record(1).replace(b"}\n", b"}}")])
    assert {} == remains_of(path, part).lines


def test_read_crash_is_what_stands_behind_the_ring(path: Path) -> None:
    """The dump is text whatever its bytes, without zeros; no line is taken from it."""
    crash = b"Fatal Python error: \xff\0\0\n" + record(7)
    found = remains_of(path, ring_bytes(FOLDER, waiting=records(1), crash=crash))
    assert {1: record(1)} == found.lines
    assert "Fatal Python error: �\n" + record(7).decode() == found.crash


@pytest.mark.parametrize(
    ("size", "seqs"),
    [
        (HEADER_BYTES, []),
        (HEADER_BYTES + len(record(1)), [1]),
        (HEADER_BYTES + HELD_BYTES, [1]),
        (HEADER_BYTES + HELD_BYTES + len(record(2)) - 1, [1]),
        (HEADER_BYTES + HELD_BYTES + len(record(2)), [1, 2]),
    ],
)
def test_read_file_that_was_cut_has_what_is_left(size: int, seqs: list[int], path: Path) -> None:
    """A ring that lost its end gives the lines before the cut."""
    data = ring_bytes(FOLDER, held=records(1), waiting=records(2, 3), crash=b"crash")
    assert Remains(0, dict(zip(seqs, records(*seqs), strict=True)), "") == remains_of(
        path, data[:size]
    )


def test_ring_bytes_of_these_tests_are_in_the_form_of_the_writer(tmp_path: Path) -> None:
    """What these tests put together by hand has the fields that a real header has."""
    real, made = header(PROC, FOLDER, 1), ring_bytes(FOLDER, total=1)[8:HEADER_BYTES]
    fields = [list(json.loads(each[8:].rstrip(b"\0"))) for each in (real, made)]
    assert fields[0] == fields[1]


@pytest.mark.parametrize(
    ("held", "waiting"),
    [
        ([record(1)[:30]], records(1, 2)),
        ([record(1), record(2)[:30]], records(7, 1, 2)),
        ([], [record(9)[:30], bytes(500), *records(1, 2)]),
    ],
)
def test_read_torn_line_takes_no_whole_line_with_it(
    held: list[bytes], waiting: list[bytes], tmp_path: Path
) -> None:
    """What lies behind a line that was cut short is read, however far behind."""
    path = tmp_path / ringfile.ring_name(PROC)
    path.write_bytes(ring_bytes(tmp_path, held=held, waiting=waiting))
    opened = open_dead(path)
    assert opened is not None
    found = read(*opened).lines.values()
    os.close(opened[0])
    whole = {line for line in [*held, *waiting] if line.endswith(b"\n")}
    assert sorted(whole) == sorted(found)


@pytest.mark.parametrize(
    ("content", "age", "left"),
    [
        (b"", 3_600, 0),
        (bytes(4_096), 3_600, 0),
        (b"", 1, 1),
        (MAGIC + bytes(4_096), 3_600, 1),
    ],
)
def test_unready_ring_goes_after_a_minute(
    content: bytes, age: float, left: int, tmp_path: Path
) -> None:
    """A process that was killed while it made its ring leaves nothing for long."""
    path = tmp_path / ringfile.ring_name(PROC)
    path.write_bytes(content)
    os.utime(path, (time.time() - age,) * 2)
    ringfile.remove_unready(path)
    assert left == len(list(tmp_path.iterdir()))


def test_unready_ring_of_a_living_process_stays(tmp_path: Path) -> None:
    """However long it takes, what has an owner is left alone."""
    path = tmp_path / ringfile.ring_name(PROC)
    path.touch()
    with owned(path):
        os.utime(path, (0, 0))
        ringfile.remove_unready(path)
        assert path.exists()
    ringfile.remove_unready(path)
    assert not path.exists()


@pytest.mark.parametrize("kind", ["folder", "symlink", "fifo"])
def test_unready_ring_that_is_no_plain_file_stays(kind: str, tmp_path: Path) -> None:
    """A thing of that name which is none of ours is left alone."""
    path = tmp_path / ringfile.ring_name(PROC)
    target = tmp_path / "target"
    target.touch()
    os.utime(target, (0, 0))
    make = {"folder": path.mkdir, "symlink": lambda: path.symlink_to(target)}
    make.get(kind, lambda: os.mkfifo(path))()
    if kind != "symlink":
        os.utime(path, (0, 0))
    ringfile.remove_unready(path)
    assert (True, True) == (path.is_symlink() or path.exists(), target.exists())
