"""What a dead process had queued goes into the log, once."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.writer import recovery, ringfile
from datatools_audit.writer.recovery import Death, recover
from datatools_audit.writer.ring import FlightRing
from datatools_audit.writer.ringfile import HEADER_BYTES, ring_name
from datatools_audit.writer.spool import Spool
from tests.helpers import MemorySink
from tests.writer.impostors import IMPOSTORS
from tests.writer.rings import (
    PROC,
    is_left_alone,
    open_files,
    owned,
    record,
    records,
    ring_bytes,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

TS = "2026-05-19T12:00:00.000+00:00"
NEXT_DAY = "2026-05-20T12:00:00"
OTHER = "ffffffff"
DAY = 86_400


@pytest.fixture(autouse=True)
def rings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the one folder in which rings are looked for; local time is UTC."""
    place = tmp_path / "rings"
    place.mkdir()
    monkeypatch.setattr(ringfile, "places", lambda: [place])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC0")
        time.tzset()
        yield place
    time.tzset()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "logs"
    made.mkdir()
    return made


@pytest.fixture
def leave(rings: Path, folder: Path) -> Callable[..., Path]:
    """Give a function that leaves the ring of a dead process, with lines that wait in it."""

    def leave_(*waiting: bytes, of: Path = folder, **told: object) -> Path:
        path = rings / ring_name(PROC)
        path.write_bytes(ring_bytes(of, waiting=waiting, **told))  # type: ignore[arg-type]
        return path

    return leave_


class Told:
    """Makes a line for each death."""

    def __init__(self) -> None:
        self.deaths: list[Death] = []

    def __call__(self, death: Death) -> list[bytes]:
        self.deaths.append(death)
        return [b'{"ts":"%s","told":"%s"}\n' % (TS.encode(), death.proc.encode())]


NOTE = b'{"ts":"%s","told":"%s"}\n' % (TS.encode(), PROC.encode())


def recovered(folder: Path) -> list[Death]:
    """Recover as a process does at its start."""
    return recover(folder, Spool(lambda: (folder, False)), Told())


def log(folder: Path, day: int = 19) -> Path:
    return folder / f"datatools-2026-05-{day}.jsonl"


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_recover_writes_what_waited_and_removes_the_ring(
    leave: Callable[..., Path], folder: Path, rings: Path
) -> None:
    """All lines by their number, what is told of the death behind them, and no ring is left."""
    leave(*records(3, 4), held=records(1, 2))
    death = Death(PROC, tuple(records(1, 2, 3, 4)), 0, TS, "")
    told = Told()
    assert [death] == recover(folder, Spool(lambda: (folder, False)), told)
    assert [death] == told.deaths
    assert [*records(1, 2, 3, 4), NOTE] == lines_of(log(folder))
    assert [] == list(rings.iterdir())
    assert [] == recovered(folder)
    assert 5 == len(lines_of(log(folder)))


@pytest.mark.parametrize("present", [(1,), (1, 2, 3), (1, 3), (3, 1), (2, 4), (1, 2, 3, 4)])
def test_recover_writes_no_line_twice(
    present: tuple[int, ...], leave: Callable[..., Path], folder: Path
) -> None:
    """What the log has already, in any order, is not written again; the rest is."""
    log(folder).write_bytes(b"".join(records(*present)))
    leave(*records(1, 2, 3, 4))
    lacking = records(*({1, 2, 3, 4} - set(present)))
    assert [tuple(lacking)] == [death.lines for death in recovered(folder)]
    assert [*records(*present), *lacking, NOTE] == lines_of(log(folder))


@pytest.mark.parametrize("cut", [0, 10])
def test_recover_writes_no_line_twice_of_a_day_that_was_packed(
    cut: int, leave: Callable[..., Path], folder: Path
) -> None:
    """Its archive counts too, as far as it can be read; what is lacking is a plain log again."""
    packed = gzip.compress(b"".join([*records(1, 2), record(3, proc=OTHER), b"no JSON\n"]))
    log(folder).with_suffix(".jsonl.gz").write_bytes(packed[: len(packed) - cut])
    leave(*records(1, 2, 3, 4))
    assert [tuple(records(3, 4))] == [death.lines for death in recovered(folder)]
    assert [*records(3, 4), NOTE] == lines_of(log(folder))


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to(path)])
def test_recover_waits_for_no_archive_that_is_none(
    make: Callable[[Path], object], leave: Callable[..., Path], folder: Path
) -> None:
    """A FIFO, a folder or a link in its place is passed over: the worker has to write on."""
    make(log(folder).with_suffix(".jsonl.gz"))
    leave(*records(1, 2))
    assert [tuple(records(1, 2))] == [death.lines for death in recovered(folder)]


def test_recover_takes_no_other_processs_line_for_the_dead_ones(
    leave: Callable[..., Path], folder: Path
) -> None:
    """Each process counts for itself: the same number of another one is another line."""
    others = [record(seq, proc=OTHER) for seq in (1, 2)]
    log(folder).write_bytes(b"".join([*others, b"no JSON\n", record(2)]))
    leave(*records(1, 2, 3))
    assert [tuple(records(1, 3))] == [death.lines for death in recovered(folder)]


@pytest.mark.parametrize("block", [1, 50, 107, 108, 109, 500, 1 << 20])
def test_recover_finds_lines_wherever_blocks_are_divided(
    block: int, leave: Callable[..., Path], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log is read in blocks from its end; a line on both sides of a border is one."""
    monkeypatch.setattr(recovery, "_BLOCK_BYTES", block)
    mixed = [record(seq, proc=proc) for seq in range(1, 21) for proc in (OTHER, PROC)]
    log(folder).write_bytes(b"".join(mixed))
    leave(*records(*range(1, 23)))
    assert [tuple(records(21, 22))] == [death.lines for death in recovered(folder)]


@given(
    lines=st.lists(st.binary(max_size=40).map(lambda each: each.replace(b"\n", b"") + b"\n")),
    block=st.integers(1, 100),
)
def test_blocks_from_the_end_are_whole_lines_and_all_of_them(
    lines: list[bytes], block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put together again from the last to the first they are the file."""
    path = tmp_path_factory.getbasetemp() / "blocks"
    path.write_bytes(b"".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recovery, "_BLOCK_BYTES", block)
        found = list(recovery._blocks_from_end(path))
    assert b"".join(lines) == b"".join(reversed(found))
    assert [True] * len(found) == [not each or each.endswith(b"\n") for each in found]


def test_recover_reads_no_more_of_the_log_than_may_be_unsettled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Far enough back in the process's own lines, the rest of the log is not looked at."""
    size = len(record(1))
    monkeypatch.setattr(recovery, "_BLOCK_BYTES", 10 * size)
    monkeypatch.setattr(recovery, "_OWN_BYTES", 15 * size)
    log(folder).write_bytes(b"".join(records(*range(10, 60))))
    found = set(recovery._last_seqs(log(folder), PROC))
    assert set(range(45, 60)) <= found <= set(range(30, 60))


@pytest.mark.parametrize(
    ("settled", "present", "waiting", "missing"),
    [
        (0, (), (), 0),
        (5, (1, 2), (), 0),
        (0, (), (1, 2), 0),
        (0, (), (3, 4), 2),
        (1, (), (3, 4), 0),
        (2, (1, 2), (3, 4), 0),
        (2, (1, 2), (5, 6), 2),
        (2, (1, 2), (5, 8), 4),
        (9, (8, 9, 12), (11, 14), 2),
        (0, (1, 2, 3), (2, 3), 0),
        (0, (1, 5), (3, 7), 3),
    ],
)
def test_recover_counts_what_neither_log_nor_ring_has(
    settled: int,
    present: tuple[int, ...],
    waiting: tuple[int, ...],
    missing: int,
    leave: Callable[..., Path],
    folder: Path,
) -> None:
    """Numbers between the log's last line before the ring's and the ring's last are missing."""
    log(folder).write_bytes(b"".join(records(*present)))
    leave(*records(*waiting), settled=settled)
    assert [missing] == [death.missing for death in recovered(folder)]


def test_recover_of_a_process_that_had_written_everything(
    leave: Callable[..., Path], folder: Path, rings: Path
) -> None:
    """A death without lines is told with nothing known of it, and its ring is removed."""
    leave(settled=7)
    assert [Death(PROC, (), 0, None, "")] == recovered(folder)
    assert ([NOTE], []) == (lines_of(next(folder.iterdir())), list(rings.iterdir()))


def test_recover_with_nothing_to_say_writes_nothing(
    leave: Callable[..., Path], folder: Path, rings: Path
) -> None:
    """No line and nothing told: the sink is not asked, and the ring is removed."""
    leave()
    sink = Stubborn(folder, 0)
    assert 1 == len(recover(folder, sink, lambda death: ()))
    assert (0, []) == (sink.calls, [*folder.iterdir(), *rings.iterdir()])


def test_recover_hands_on_the_dump_of_a_crash(leave: Callable[..., Path], folder: Path) -> None:
    """What faulthandler wrote comes with the death, beside its lines or without any."""
    leave(*records(1), crash=b"Fatal Python error: Aborted\n")
    leave(crash=b"Fatal Python error: Bus error\n")
    crashes = [(death.lines, death.crash) for death in recovered(folder)]
    assert {
        (tuple(records(1)), "Fatal Python error: Aborted\n"),
        ((), "Fatal Python error: Bus error\n"),
    } == set(crashes)


def test_recover_tells_when_the_last_record_happened(
    leave: Callable[..., Path], folder: Path
) -> None:
    """The latest moment counts, though the log may have that line already."""
    late = record(2, ts="2026-05-19T13:00:00")
    log(folder).write_bytes(late)
    leave(record(1), late, record(3, ts="2026-05-19T12:30:00"))
    assert ["2026-05-19T13:00:00.000+00:00"] == [death.last_ts for death in recovered(folder)]


def test_recover_lines_of_two_days_go_to_two_logs(leave: Callable[..., Path], folder: Path) -> None:
    """Each line is looked for, and written, in the log of its own date."""
    before = records(1, 2, 3)
    after = [record(seq, ts=NEXT_DAY) for seq in (4, 5, 6)]
    log(folder, 19).write_bytes(b"".join(before[:2]))
    log(folder, 20).write_bytes(after[1])
    leave(*before, *after)
    (death,) = recovered(folder)
    assert (before[2], after[0], after[2]) == death.lines
    assert before == lines_of(log(folder, 19))[:3]
    assert [after[1], after[0], after[2]] == lines_of(log(folder, 20))


class Stubborn:
    """A sink that takes so many lines in all, some at a time, and then refuses."""

    def __init__(self, folder: Path, most: int, at_once: int = 1) -> None:
        self._spool = Spool(lambda: (folder, False))
        self._left = most
        self._at_once = at_once
        self.calls = 0

    def append(self, lines: Sequence[bytes]) -> int:
        self.calls += 1
        count = min(self._left, self._at_once, len(lines))
        if not count:
            raise OSError(28, "the disk is full")
        self._left -= count
        return self._spool.append(lines[:count])

    def close(self) -> None:
        """Nothing is left to close."""


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_recover_goes_on_where_the_sink_takes_some_only(
    at_once: int, leave: Callable[..., Path], folder: Path
) -> None:
    """A sink that takes a part of what it is given is given the rest."""
    leave(*records(1, 2, 3, 4))
    assert 1 == len(recover(folder, Stubborn(folder, 99, at_once), Told()))
    assert [*records(1, 2, 3, 4), NOTE] == lines_of(log(folder))


@pytest.mark.parametrize("taken", range(5))
def test_recover_that_is_broken_off_is_completed_by_the_next(
    taken: int, leave: Callable[..., Path], folder: Path
) -> None:
    """A sink that fails leaves the ring, and the next recovery writes exactly the rest."""
    path = leave(*records(1, 2, 3, 4))
    before = open_files()
    with pytest.raises(OSError, match="full"):
        recover(folder, Stubborn(folder, taken), Told())
    assert (before, True) == (open_files(), path.exists())
    assert taken == (len(lines_of(log(folder))) if taken else 0)
    (death,) = recovered(folder)
    assert tuple(records(1, 2, 3, 4)[taken:]) == death.lines
    assert [*records(1, 2, 3, 4), NOTE] == lines_of(log(folder))
    assert not path.exists()


def test_recover_keeps_the_ring_of_which_nothing_can_be_told(
    leave: Callable[..., Path], folder: Path
) -> None:
    """Whatever fails before the lines are written leaves them to the next one."""
    path = leave(*records(1))

    def fail(death: Death) -> Iterable[bytes]:
        raise RuntimeError("no words")

    with pytest.raises(RuntimeError, match="no words"):
        recover(folder, Spool(lambda: (folder, False)), fail)
    assert ([], True) == (list(folder.iterdir()), path.exists())
    assert [tuple(records(1))] == [death.lines for death in recovered(folder)]


@pytest.mark.parametrize("kind", ["link", "fifo", "no folder"])
def test_recover_keeps_the_ring_while_the_log_cannot_be_read(
    kind: str, leave: Callable[..., Path], folder: Path
) -> None:
    """Without a look at the log nothing is written, for it might be there already."""
    path = leave(*records(1, 2))
    if kind == "link":
        log(folder).symlink_to(folder / "target")
        (folder / "target").write_bytes(record(1))
    elif kind == "fifo":
        os.mkfifo(log(folder))
    else:
        folder.rmdir()
        folder.touch()
    sink, before = MemorySink(), open_files()
    with pytest.raises(OSError, match=r"Errno|not seekable"):
        recover(folder, sink, Told())
    assert ([], before, True) == (sink.lines, open_files(), path.exists())
    assert kind != "link" or record(1) == (folder / "target").read_bytes()


def test_recover_several_deaths_at_once(
    leave: Callable[..., Path], folder: Path, rings: Path
) -> None:
    """Each has its own lines and what is told of it; another's ring between them stays."""
    leave(*records(1, 2))
    (rings / ring_name("00000000")).write_bytes(b"no ring")
    (rings / ring_name(OTHER)).write_bytes(
        ring_bytes(folder, waiting=[record(1, proc=OTHER)], proc=OTHER)
    )
    found = {death.proc: death.lines for death in recovered(folder)}
    assert {PROC: tuple(records(1, 2)), OTHER: (record(1, proc=OTHER),)} == found
    assert {*records(1, 2), record(1, proc=OTHER)} < set(lines_of(log(folder)))
    assert (5, [b"no ring"]) == (
        len(lines_of(log(folder))),
        [path.read_bytes() for path in rings.iterdir()],
    )


def test_recover_looks_at_each_place(
    leave: Callable[..., Path], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ring in shared memory and one in the user's folder are found both."""
    places = [tmp_path / "rings", tmp_path / "more", tmp_path / "nowhere"]
    places[1].mkdir()
    monkeypatch.setattr(ringfile, "places", lambda: places)
    leave(*records(1)).rename(places[1] / ring_name(PROC))
    leave(*records(2))
    recovered(folder)
    assert set(records(1, 2)) | {NOTE} == set(lines_of(log(folder)))


@pytest.mark.parametrize("kind", IMPOSTORS)
def test_recover_leaves_alone_what_is_no_ring(kind: str, rings: Path, folder: Path) -> None:
    """Nothing is written from it, and it is neither changed nor removed."""
    path = rings / ring_name(PROC)
    IMPOSTORS[kind](path, ring_bytes(folder, waiting=records(1)))
    before = state_of(path), sorted(rings.iterdir()), open_files()
    assert [] == recovered(folder)
    assert before == (state_of(path), sorted(rings.iterdir()), open_files())
    assert [] == list(folder.iterdir())


def test_recover_leaves_another_users_ring_alone(
    leave: Callable[..., Path], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody puts lines into our log, or has a file removed, by a file in shared memory."""
    path = leave(*records(1))
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    assert ([], True, []) == (recovered(folder), path.exists(), list(folder.iterdir()))


def test_recover_leaves_a_living_process_alone(leave: Callable[..., Path], folder: Path) -> None:
    """While the process lives its lines are its own to write; when it is dead they are ours."""
    path = leave(*records(1))
    with owned(path):
        assert ([], True, []) == (recovered(folder), path.exists(), list(folder.iterdir()))
    assert [tuple(records(1))] == [death.lines for death in recovered(folder)]


def test_recover_does_not_even_open_its_own_processs_ring(folder: Path, rings: Path) -> None:
    """A look would free its lock: it stays ours, for others too, until it is abandoned."""
    ring = FlightRing(PROC, lambda: folder, 1 << 20)
    ring.open_in(rings)
    ring.place(0, record(1))
    assert [] == recovered(folder)
    assert ring.path is not None
    assert is_left_alone(ring.path)
    ring.abandon()
    assert [tuple(records(1))] == [death.lines for death in recovered(folder)]


def test_recover_knows_its_folder_by_another_name(
    leave: Callable[..., Path], folder: Path, tmp_path: Path
) -> None:
    """A link to the folder of the logs is that folder."""
    link = tmp_path / "link"
    link.symlink_to(folder)
    leave(*records(1), of=link)
    assert [tuple(records(1))] == [death.lines for death in recovered(folder)]


@pytest.mark.parametrize(
    ("file_days", "line_days", "is_kept"),
    [
        (0, 0, True),
        (0, 8, True),
        (8, 0, True),
        (8, 6, True),
        (6, 8, True),
        (8, 8, False),
        (0, None, True),
        (8, None, False),
    ],
)
def test_recover_leaves_another_folders_ring_for_a_week(
    file_days: int,
    line_days: int | None,
    is_kept: bool,  # noqa: FBT001 -- pytest passes it by name
    leave: Callable[..., Path],
    folder: Path,
    tmp_path: Path,
) -> None:
    """It waits for its own app; after a week without a new line it is removed unread."""
    now = time.time()
    stamps = [] if line_days is None else [line_days + 9, line_days, line_days + 5]
    lines = [
        record(seq, ts=time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now - days * DAY)))
        for seq, days in enumerate(stamps, start=1)
    ]
    path = leave(*lines, of=tmp_path / "other")
    os.utime(path, (now, now - file_days * DAY))
    assert ([], is_kept) == (recovered(folder), path.exists())
    assert [] == list(folder.iterdir())


def test_recover_keeps_another_folders_ring_whose_age_nobody_can_tell(
    leave: Callable[..., Path], folder: Path, tmp_path: Path
) -> None:
    """A line without a date that can be read is no reason to throw it away."""
    path = leave(record(1, ts="yesterday, at noon!"), of=tmp_path / "other")
    os.utime(path, (0, 0))
    assert ([], True) == (recovered(folder), path.exists())


def test_recover_leaves_another_folders_ring_to_be_recovered_there(
    leave: Callable[..., Path], folder: Path, tmp_path: Path
) -> None:
    """What one app passes by is whole for the next one of its own folder."""
    other = tmp_path / "other"
    path = leave(*records(1, 2), of=other)
    kept = path.read_bytes()
    assert ([], kept) == (recovered(folder), path.read_bytes())
    assert [tuple(records(1, 2))] == [death.lines for death in recovered(other)]
    assert [*records(1, 2), NOTE] == lines_of(log(other))


@pytest.mark.parametrize("lacking", range(3, 7))
def test_recover_half_a_line_in_the_log_is_none(
    lacking: int, leave: Callable[..., Path], folder: Path
) -> None:
    """A write that the kernel broke off left half a line: it is written whole."""
    log(folder).write_bytes(record(1) + record(2)[:-lacking])
    leave(held=records(1, 2))
    assert [(record(2),)] == [death.lines for death in recovered(folder)]


def test_recover_line_that_lacks_its_newline_only_is_whole(
    leave: Callable[..., Path], folder: Path
) -> None:
    """It gets its newline from the next append, and is not written again."""
    log(folder).write_bytes(record(1) + record(2)[:-1])
    leave(held=records(1, 2))
    assert [()] == [death.lines for death in recovered(folder)]


def test_recover_process_named_in_an_extra_of_another_is_not_it(
    leave: Callable[..., Path], folder: Path
) -> None:
    """An app that logs a record within a record keeps nobody's line from the log."""
    about = b'"about":{"proc":"%s"}' % PROC.encode()
    log(folder).write_bytes(record(2, proc="ffffffff").replace(b'"n":1', about))
    leave(*records(1, 2))
    assert [tuple(records(1, 2))] == [death.lines for death in recovered(folder)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"{", b"[" * (HEADER_BYTES - 16)),
        (b'"pid": 1,', b'"pid": Infinity,'),
        (b'"folder": "', b'"folder": "\\u0000'),
    ],
)
def test_recover_goes_on_behind_a_header_of_nonsense(
    old: bytes, new: bytes, leave: Callable[..., Path], folder: Path, rings: Path
) -> None:
    """One ring that nobody can understand keeps no other from being recovered."""
    good = ring_bytes(folder)
    head = good[:HEADER_BYTES].rstrip(b"\0").replace(old, new, 1)[:HEADER_BYTES]
    bad = rings / "datatools-audit-00000000-1.ring"
    bad.write_bytes(head.ljust(HEADER_BYTES, b"\0") + good[HEADER_BYTES:])
    leave(*records(1))
    assert [tuple(records(1))] == [death.lines for death in recovered(folder)]
    assert bad.exists()


def test_recover_folder_in_the_logs_place_leaks_nothing(
    leave: Callable[..., Path], folder: Path
) -> None:
    """What cannot be read is an error each time, and no open file more."""
    log(folder).mkdir()
    leave(*records(1))
    before = open_files()
    with pytest.raises(IsADirectoryError):
        recovered(folder)
    assert before == open_files()
