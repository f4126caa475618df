"""Days gone by become archives: each line is there once, whatever comes in between."""

from __future__ import annotations

import datetime
import errno
import gzip
import os
import random
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from datatools_audit import AuditConfig
from datatools_audit.reading.reader import logs_in, read_events
from datatools_audit.recorder import Recorder
from datatools_audit.writer import packing
from datatools_audit.writer.packing import pack_days
from datatools_audit.writer.spool import Spool
from tests.helpers import LIMIT, strict_json
from tests.writer.rings import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DAY, NEXT, TODAY = "2026-05-17", "2026-05-18", "2026-05-19"
LONG_AGO = 1_700_000_000_987_654_321


@pytest.fixture(autouse=True)
def zone() -> Iterator[None]:
    """Make local time UTC, so that a line's day is that of its text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC0")
        time.tzset()
        yield
    time.tzset()


def lines(first: int, last: int, day: str = DAY) -> list[bytes]:
    return [record(seq, ts=f"{day}T12:00:00") for seq in range(first, last + 1)]


def append(folder: Path, some: Sequence[bytes]) -> None:
    spool = Spool(lambda: (folder, False))
    while some:
        some = some[spool.append(some) :]


def records_in(folder: Path) -> list[dict[str, object]]:
    """Return what the logs have, in the order in which readers take them."""
    found = []
    for log in logs_in(folder):
        data = log.read_bytes()
        plain = gzip.decompress(data) if log.suffix == ".gz" else data
        found += [strict_json(line) for line in plain.splitlines(keepends=True)]
    return found


def seqs(folder: Path) -> list[object]:
    return [found["seq"] for found in records_in(folder)]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_pack_keeps_each_line_the_mtime_and_the_mode(tmp_path: Path) -> None:
    """The archive has the log's bytes, its times and its mode; the log is gone."""
    append(tmp_path, lines(1, 500))
    log = tmp_path / f"datatools-{DAY}.jsonl"
    before = log.read_bytes()
    os.utime(log, ns=(LONG_AGO, LONG_AGO))
    assert (DAY,) == pack_days(tmp_path, TODAY)
    archive = tmp_path / f"datatools-{DAY}.jsonl.gz"
    assert {archive.name} == names(tmp_path)
    assert before == gzip.decompress(archive.read_bytes())
    assert archive.stat().st_size < len(before) / 5
    assert (LONG_AGO, 0o600) == (archive.stat().st_mtime_ns, stat.S_IMODE(archive.stat().st_mode))


def test_pack_leaves_all_but_logs_of_days_gone_by(tmp_path: Path) -> None:
    """Today's and tomorrow's, other names, links and folders stay as they are."""
    append(tmp_path, [*lines(1, 1, TODAY), *lines(2, 2, "2026-05-20")])
    (tmp_path / "datatools-notes.jsonl").touch()
    (tmp_path / f"datatools-{NEXT}.jsonl").symlink_to(tmp_path / "datatools-notes.jsonl")
    (tmp_path / "datatools-2026-05-01.jsonl").mkdir()
    os.mkfifo(tmp_path / "datatools-2026-05-02.jsonl")
    before = names(tmp_path)
    assert () == pack_days(tmp_path, TODAY)
    assert before == names(tmp_path)


def test_late_line_lands_in_a_plain_log_and_in_the_archive_at_the_next_sweep(
    tmp_path: Path,
) -> None:
    """Readers merge both meanwhile, the archive first; the later mtime counts."""
    append(tmp_path, lines(1, 3))
    pack_days(tmp_path, TODAY)
    append(tmp_path, lines(4, 5))
    log = tmp_path / f"datatools-{DAY}.jsonl"
    assert {log.name, f"{log.name}.gz"} == names(tmp_path)
    assert [1, 2, 3, 4, 5] == seqs(tmp_path)
    os.utime(log, ns=(LONG_AGO, LONG_AGO))
    assert (DAY,) == pack_days(tmp_path, TODAY)
    assert {f"{log.name}.gz"} == names(tmp_path)
    assert [1, 2, 3, 4, 5] == seqs(tmp_path)
    assert LONG_AGO == (tmp_path / f"{log.name}.gz").stat().st_mtime_ns


def test_writer_that_waits_for_a_log_that_is_packed_writes_into_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has opened the log before, and gets its lock when the log is gone."""
    append(tmp_path, lines(1, 3))
    has_opened = threading.Event()
    held = packing.filelock.held

    def announce(handle: int) -> object:
        has_opened.set()
        return held(handle)

    def write_late() -> None:
        monkeypatch.setattr("datatools_audit.writer.spool.filelock.held", announce)
        append(tmp_path, lines(4, 6))

    writer = threading.Thread(target=write_late)
    write = packing._write

    def write_slowly(*args: object) -> None:
        writer.start()
        assert has_opened.wait(LIMIT)
        write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(packing, "_write", write_slowly)
    assert (DAY,) == pack_days(tmp_path, TODAY)
    writer.join(LIMIT)
    assert {f"datatools-{DAY}.jsonl", f"datatools-{DAY}.jsonl.gz"} == names(tmp_path)
    assert [1, 2, 3, 4, 5, 6] == seqs(tmp_path)


def test_line_written_without_the_lock_amid_the_removal_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a lock could not be had in time a line may come between the last look and the end."""
    append(tmp_path, lines(1, 3))
    log = tmp_path / f"datatools-{DAY}.jsonl"
    replace = type(log).replace

    def replace_late(self: Path, target: Path) -> Path:
        with log.open("ab") as file:
            file.writelines(lines(4, 4))
        return replace(self, target)

    monkeypatch.setattr(type(log), "replace", replace_late)
    assert (DAY,) == pack_days(tmp_path, TODAY)
    assert [1, 2, 3, 4] == seqs(tmp_path)


def test_writer_refuses_a_log_that_is_removed_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its worker tries later; what is written into a file without a name is lost."""
    held = packing.filelock.held
    removed = []

    def remove(handle: int) -> object:
        removed.append(handle)
        (tmp_path / f"datatools-{DAY}.jsonl").unlink()
        return held(handle)

    with monkeypatch.context() as patch:
        patch.setattr("datatools_audit.writer.spool.filelock.held", remove)
        with pytest.raises(BlockingIOError, match="again and again"):
            append(tmp_path, lines(1, 1))
    assert len(removed) > 1
    append(tmp_path, lines(1, 1))
    assert [1] == seqs(tmp_path)


def test_pack_that_was_cut_off_before_the_removal_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next sweep finds the log in the archive, behind others, and only removes it."""
    append(tmp_path, lines(1, 3))
    pack_days(tmp_path, TODAY)
    append(tmp_path, lines(4, 900))
    log = tmp_path / f"datatools-{DAY}.jsonl"
    kept = log.read_bytes()
    pack_days(tmp_path, TODAY)
    log.write_bytes(kept)  # as it lay before its removal
    assert 3 + 2 * 897 == len(seqs(tmp_path))
    assert (DAY,) == pack_days(tmp_path, TODAY)
    assert list(range(1, 901)) == seqs(tmp_path)
    assert {f"{log.name}.gz"} == names(tmp_path)


@pytest.mark.parametrize("step", ["fsync", "utime"])
def test_pack_that_fails_leaves_the_log_as_it_was(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk nothing is lost and nothing is left behind, whatever it fails at."""
    append(tmp_path, lines(1, 3))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    with monkeypatch.context() as patch:
        patch.setattr(f"datatools_audit.writer.packing.os.{step}", refuse)
        with pytest.raises(OSError, match="no space"):
            pack_days(tmp_path, TODAY)
    assert {f"datatools-{DAY}.jsonl"} == names(tmp_path)
    assert [1, 2, 3] == seqs(tmp_path)
    assert (DAY,) == pack_days(tmp_path, TODAY)


def test_line_behind_half_a_line_of_a_packed_day_is_whole(tmp_path: Path) -> None:
    """As in a plain log: half a line, as a crash leaves it, keeps a line of its own."""
    append(tmp_path, lines(1, 3))
    log = tmp_path / f"datatools-{DAY}.jsonl"
    with log.open("ab") as file:
        file.write(b'{"ts":"2026')
    pack_days(tmp_path, TODAY)
    append(tmp_path, lines(4, 5))
    pack_days(tmp_path, TODAY)
    expected = [*lines(1, 3), b'{"ts":"2026\n', *lines(4, 5)]
    assert expected == [found.raw for found in read_events(tmp_path)]


def test_line_behind_a_pack_that_was_cut_off_before_the_removal_comes_once(tmp_path: Path) -> None:
    """A recovery writes into the log that should have been gone: its lines only are new."""
    append(tmp_path, lines(1, 900))
    log = tmp_path / f"datatools-{DAY}.jsonl"
    kept = log.read_bytes()
    pack_days(tmp_path, TODAY)
    log.write_bytes(kept)  # as it lay before its removal
    append(tmp_path, lines(901, 903))
    assert (DAY,) == pack_days(tmp_path, TODAY)
    assert list(range(1, 904)) == seqs(tmp_path)


@pytest.mark.parametrize("keep", [5, 40, -4])
def test_archive_that_is_damaged_takes_nothing_in(keep: int, tmp_path: Path) -> None:
    """Behind the damage no reader would find it: the log stays, and other days are packed."""
    append(tmp_path, lines(1, 300))
    pack_days(tmp_path, TODAY)
    archive = tmp_path / f"datatools-{DAY}.jsonl.gz"
    archive.write_bytes(archive.read_bytes()[:keep])
    append(tmp_path, [*lines(301, 301), *lines(302, 302, NEXT)])
    with pytest.raises(OSError, match=r"damaged.*datatools-2026-05-17\.jsonl\.gz"):
        pack_days(tmp_path, TODAY)
    assert lines(301, 301) == [(tmp_path / f"datatools-{DAY}.jsonl").read_bytes()]
    assert (tmp_path / f"datatools-{NEXT}.jsonl.gz").exists()


@pytest.mark.parametrize("impostor", ["link", "fifo", "folder"])
@pytest.mark.parametrize("ending", [".gz", ".gz.new"])
def test_pack_refuses_what_is_no_plain_file_in_the_place_of_its_own(
    impostor: str, ending: str, tmp_path: Path
) -> None:
    """A link is not followed, a FIFO not waited for; the log stays."""
    append(tmp_path, lines(1, 3))
    other = tmp_path / "other"
    other.write_bytes(packed := gzip.compress(b"precious"))
    place = tmp_path / f"datatools-{DAY}.jsonl{ending}"
    make = {"link": lambda: place.symlink_to(other), "fifo": lambda: os.mkfifo(place)}
    make.get(impostor, place.mkdir)()
    with pytest.raises(OSError, match=re.escape(place.name)):
        pack_days(tmp_path, TODAY)
    assert lines(1, 3) == [found.raw for found in read_events(tmp_path / f"datatools-{DAY}.jsonl")]
    assert packed == other.read_bytes()


def test_pack_keeps_a_mode_that_the_umask_would_not_give(tmp_path: Path) -> None:
    """A log that a group may read, as one that ships it, is read by it when packed."""
    append(tmp_path, lines(1, 3))
    (tmp_path / f"datatools-{DAY}.jsonl").chmod(0o640)
    old = os.umask(0o077)
    try:
        pack_days(tmp_path, TODAY)
    finally:
        os.umask(old)
    assert 0o640 == stat.S_IMODE((tmp_path / f"datatools-{DAY}.jsonl.gz").stat().st_mode)


def test_pack_leaves_a_log_to_the_process_that_packs_it(tmp_path: Path) -> None:
    """Whose lock cannot be had is not packed now."""
    append(tmp_path, lines(1, 3))
    log = tmp_path / f"datatools-{DAY}.jsonl"
    with log.open("ab") as other, packing.filelock.held(other.fileno()) as is_locked:
        assert is_locked
        assert () == pack_days(tmp_path, TODAY)
    assert {log.name} == names(tmp_path)


PACK = """
import sys
from pathlib import Path
from datatools_audit.writer.packing import pack_days
print("packing", flush=True)
print(*pack_days(Path(sys.argv[1]), "2026-05-19"), flush=True)
"""


def test_packer_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Killed at ten moments and done by the eleventh, with late lines in between."""
    count, killed = 20_000, 0
    append(tmp_path, lines(1, count))
    dice = random.Random(6)
    for _ in range(10):
        packer = subprocess.Popen(
            [sys.executable, "-c", PACK, tmp_path], stdout=subprocess.PIPE, text=True
        )
        assert packer.stdout is not None
        with packer.stdout as said:
            assert "packing\n" == said.readline()
            time.sleep(dice.random() * 0.08)  # a moment anywhere in the work, which takes as long
            packer.kill()
        killed += packer.wait(LIMIT) == -signal.SIGKILL
        count += 1
        append(tmp_path, lines(count, count))
    assert killed
    pack_days(tmp_path, TODAY)
    assert list(range(1, count + 1)) == seqs(tmp_path)
    assert {f"datatools-{DAY}.jsonl.gz"} == names(tmp_path)


WRITE = """
import sys
from pathlib import Path
from datatools_audit.writer.spool import Spool
from tests.writer.rings import record
spool = Spool(lambda: (Path(sys.argv[1]), False))
lines = [record(seq, proc=sys.argv[2], ts="2026-05-17T12:00:00") for seq in range(2_000)]
while lines:
    try:
        del lines[: spool.append(lines[:1])]
    except BlockingIOError:  # removed again and again: a worker tries later too
        pass
"""


def test_two_writers_and_two_packers_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    """Lines of a day gone by may come at any moment, and any process may pack it."""
    environment = {**os.environ, "TZ": "UTC0"}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, tmp_path, proc], env=environment)
        for proc in ("aaaaaaaa", "bbbbbbbb")
    ]
    packed = [0, 0]

    def pack(which: int) -> None:
        while any(writer.poll() is None for writer in writers):
            packed[which] += len(pack_days(tmp_path, TODAY))

    packers = [threading.Thread(target=pack, args=(which,)) for which in (0, 1)]
    for packer in packers:
        packer.start()
    for packer in packers:
        packer.join(LIMIT)
    assert [0, 0] == [writer.wait(LIMIT) for writer in writers]
    assert sum(packed) > 1
    found: dict[object, list[object]] = {}
    for event in records_in(tmp_path):
        found.setdefault(event["proc"], []).append(event["seq"])
    assert {proc: list(range(2_000)) for proc in ("aaaaaaaa", "bbbbbbbb")} == found


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Give a recorder that lives on the day after."""
    noon = datetime.datetime(2026, 5, 19, 12, tzinfo=datetime.UTC)
    made_here = Recorder(clock=lambda: int(noon.timestamp() * 1e9))
    yield made_here
    made_here.reset(LIMIT)


@pytest.mark.parametrize("compress", [True, False])
def test_recorder_packs_where_it_is_configured(
    recorder: Recorder, log_folder: Path, *, compress: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start and each day, in a thread of its own: the worker writes on meanwhile."""
    log_folder.mkdir()
    append(log_folder, lines(1, 3))
    is_packed, may_pack = threading.Event(), threading.Event()
    pack = packing.pack_days

    def wait(*args: object) -> object:
        assert may_pack.wait(LIMIT)
        try:
            return pack(*args)  # type: ignore[arg-type]
        finally:
            is_packed.set()

    monkeypatch.setattr("datatools_audit.tending.pack_days", wait)
    recorder.configure(AuditConfig(compress=compress))
    for _ in range(3):
        recorder.emit("info", "x", "m", {}, {})
        assert recorder.writer.flush(LIMIT)
    may_pack.set()
    if compress:
        assert is_packed.wait(LIMIT)
    assert recorder.writer.close(LIMIT)
    ending = ".jsonl.gz" if compress else ".jsonl"
    assert {f"datatools-{DAY}{ending}", f"datatools-{TODAY}.jsonl"} == names(log_folder)
    assert 6 == len(seqs(log_folder))


def test_recorder_that_cannot_pack_says_so_once_and_goes_on(
    recorder: Recorder, log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is told, the log stays, and recording goes on."""
    log_folder.mkdir()
    append(log_folder, lines(1, 3))

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    said: Queue[str] = Queue()
    monkeypatch.setattr("datatools_audit.tending.pack_days", refuse)
    monkeypatch.setattr(recorder.writer, "say", said.put)
    recorder.configure(AuditConfig(compress=True))
    for _ in range(3):
        recorder.emit("info", "x", "m", {}, {})
        assert recorder.writer.flush(LIMIT)
    assert "cannot be packed and stays as it is: [Errno 28] no space" in said.get(timeout=LIMIT)
    assert recorder.writer.close(LIMIT)
    assert said.empty()
    assert 6 == len(seqs(log_folder))
