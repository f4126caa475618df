"""A process that is killed: what it had acknowledged is in the log after the next start."""

from __future__ import annotations

import contextlib
import os
import random
import re
import resource
import signal
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from datatools_audit import read_events
from tests.faults.helpers import LIMIT_SECONDS, finish, rounds, run, start

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

THREADS = 4
AT_ONCE = 2
SHARED_MEMORY = Path("/dev/shm")
RECOVERED = re.compile(r"recovered (\d+) events? of a process that died at")


class Scene:
    """A log folder, a process that is killed in it, and what it had acknowledged by then."""

    def __init__(self, place: Path) -> None:
        place.mkdir(parents=True)
        self.place, self.folder = place, place / "logs"
        self.env = {"DATATOOLS_AUDIT_DIR": str(self.folder)}
        self._counters = place / "counters"
        self._counters.write_bytes(b"\0" * 8 * THREADS)

    def start(self, way: str, **settings: Any) -> subprocess.Popen[str]:
        # Without faulthandler, which the flight recorder leaves alone where the app has it.
        return start("killed.py", way, self._counters, env=self.env, options=(), **settings)

    @property
    def acknowledged(self) -> list[int]:
        """The last number of each thread whose call has returned."""
        return list(struct.unpack(f"<{THREADS}Q", self._counters.read_bytes()))

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + LIMIT_SECONDS
        while sum(self.acknowledged) < count:
            assert time.monotonic() < deadline
            time.sleep(0.0005)

    def survive(self) -> None:
        run("survivor.py", env=self.env)

    def records(self) -> list[Any]:
        return list(read_events(self.folder)) if self.folder.is_dir() else []

    def events(self) -> list[tuple[int, int]]:
        """Return thread and number of each whole event of the dead, in the file's order."""
        return [(r["thread"], r["n"]) for r in self.records() if r.problem is None and "n" in r]

    def recoveries(self) -> list[int]:
        """Return what each note on a recovery says: how many events."""
        notes = [r for r in self.records() if r.problem is None and r["category"] == "audit"]
        found = [RECOVERED.match(str(note["message"])) for note in notes]
        return [int(each[1]) for each in found if each]

    def rings(self) -> list[Path]:
        """Return the files in shared memory that speak of this folder."""
        return [path for path in SHARED_MEMORY.glob("datatools-audit-*") if self._is_of(path)]

    def _is_of(self, path: Path) -> bool:
        with contextlib.suppress(OSError):
            return str(self.folder).encode() in path.read_bytes()[:65_536]
        return False

    def prove(self, *, lost: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        """Prove that nothing acknowledged is lost, nothing doubled, and no ring is left."""
        found = self.events()
        assert len(found) == len(set(found)), "doubled"
        for thread, last in enumerate(self.acknowledged):
            own = {n for t, n in found if t == thread}
            lacking = set(range(1, last + 1)) - own
            assert (lost if thread == 0 else set()) == lacking, f"lost: {len(lacking)} of {last}"
            assert own <= set(range(1, last + 2))
        self._prove_torn_lost_nothing()
        assert [] == self.rings()

    def _prove_torn_lost_nothing(self) -> None:
        """A write that the kernel broke off leaves a piece; that line is there whole too."""
        if not self.folder.is_dir():
            return
        raw = [x for p in self.folder.glob("*.jsonl") for x in p.read_bytes().split(b"\n")]
        torn = [line for line in raw if line and not line.endswith(b"}")]
        assert len(torn) <= 1
        assert [True] * len(torn) == [
            any(line.startswith(piece) and line.endswith(b"}") for line in raw) for piece in torn
        ]


def kill(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    """Kill the process, and prove that it was that."""
    os.kill(process.pid, number)
    finish(process, status=-number)


WAYS = (
    "early",
    "first",
    "steady",
    "threads",
    "steady",
    "large",
    "hung write",
    "steady",
    "unwritable",
    "hung open",
)


def round_of(scene: Scene, way: str, chance: random.Random) -> None:
    """Kill a process at a random moment; then have another start and prove what is there."""
    if way == "unwritable":
        scene.folder.write_bytes(b"")  # a file where the folder has to be
    program = "steady" if way == "early" else way
    with scene.start(program) as process:
        if way == "early":  # while Python starts, the package is imported, the first event comes
            time.sleep(chance.uniform(0, 0.15))
        else:
            scene.wait_for(1)
            time.sleep(0 if way == "first" else chance.uniform(0, 0.15))
        kill(process)
    if way == "unwritable":
        scene.folder.unlink()
    before = len(scene.events())
    if way.startswith("hung") or way == "unwritable":
        assert 0 == before
    scene.survive()
    scene.prove()
    recovered = len(scene.events()) - before
    assert scene.recoveries() in ([[recovered]] if recovered else [[], [0]])


def test_killed_at_any_moment_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """SIGKILL, over and over: 0 lost, 0 doubled, 0 torn, told once, no ring left."""
    count = rounds(10, 200)

    def one(number: int) -> str:
        scene = Scene(tmp_path / str(number))
        way = WAYS[number % len(WAYS)]
        try:
            round_of(scene, way, random.Random(number))
        except AssertionError as error:
            return f"round {number}, {way}: {str(error).splitlines()[0]}"
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert [""] * count == list(pool.map(one, range(count)))


def test_killed_with_a_queue_that_was_full_says_what_was_dropped(tmp_path: Path) -> None:
    """Only what drop-oldest had removed is missing, and the log says how much that is."""
    scene = Scene(tmp_path / "scene")
    with scene.start("overfull") as process:
        scene.wait_for(30_000)
        kill(process)
    scene.survive()
    kept = sorted(n for _, n in scene.events())
    lost = sorted(set(range(1, 30_001)).difference(kept))
    assert 19_000 < len(kept) < 30_000
    assert list(range(30_001 - len(lost), 30_001)) == kept[-len(lost) :]
    # Before them goes the batch that was being written, which is never dropped.
    assert list(range(lost[0], lost[0] + len(lost))) == lost
    scene.prove(lost=set(lost))
    notes = [dict(r) for r in scene.records() if r["category"] == "audit"]
    assert len(lost) in [value for note in notes for value in note.values()], notes


def test_killed_process_is_recovered_once_by_several_at_once(tmp_path: Path) -> None:
    """Three processes that start at once after a death write its events once."""
    for number in range(rounds(2, 20)):
        scene = Scene(tmp_path / str(number))
        with scene.start("hung write") as process:
            scene.wait_for(2_000)
            kill(process)
        survivors = [start("survivor.py", env=scene.env) for _ in range(3)]
        for survivor in survivors:
            finish(survivor)
        scene.prove()
        assert [len(scene.events())] == scene.recoveries()
        assert 3 == sum(r["message"] == "survivor" for r in scene.records())


def test_killed_while_it_recovers_another_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """A process that is killed in the middle of a recovery leaves the rest to the next."""
    for number in range(rounds(2, 20)):
        chance = random.Random(number)
        scene = Scene(tmp_path / str(number))
        with scene.start("hung write") as process:
            scene.wait_for(8_000)
            kill(process)
        for _ in range(3):
            with start("survivor.py", env=scene.env) as survivor:
                time.sleep(chance.uniform(0.03, 0.15))
                survivor.kill()
                survivor.communicate(timeout=LIMIT_SECONDS)
        scene.survive()
        scene.prove()
        assert 1 <= len(scene.recoveries())


def test_killed_one_after_another_each_has_its_own_note(tmp_path: Path) -> None:
    """Three deaths before the next start: all their events, and a note on each."""
    scenes = [Scene(tmp_path / str(number)) for number in range(3)]
    for scene in scenes:
        scene.folder = scenes[0].folder
        scene.env = scenes[0].env
        with scene.start("hung write") as process:
            scene.wait_for(100)
            kill(process)
    scenes[0].survive()
    expected = sorted(sum(scene.acknowledged) for scene in scenes)
    found = sorted(scenes[0].recoveries())
    assert 3 == len(found), f"lost: {sum(expected)} events, notes: {found}"
    assert [True] * 3 == [a <= b <= a + 1 for a, b in zip(expected, found, strict=True)]
    assert sum(found) == len(scenes[0].events())
    assert [] == scenes[0].rings()


def test_killed_processes_of_another_folder_are_left_to_it(tmp_path: Path) -> None:
    """A process recovers the deaths of its own folder; the others wait for theirs."""
    here, there = Scene(tmp_path / "here"), Scene(tmp_path / "there")
    with there.start("hung write") as process:
        there.wait_for(100)
        kill(process)
    here.survive()
    assert ([], []) == (here.events(), here.recoveries())
    there.survive()
    there.prove()
    assert [len(there.events())] == there.recoveries()


def test_killed_child_of_a_fork_is_recovered_and_its_parent_is_not(tmp_path: Path) -> None:
    """The child's events are recovered while the parent lives, whose ring stays its own."""
    scene = Scene(tmp_path / "scene")
    with scene.start("fork") as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline().split()[1])
        scene.wait_for(1_000)
        os.kill(pid, signal.SIGKILL)
        scene.survive()
        found = scene.events()
        (last,) = {each for each in scene.acknowledged if each}
        assert set() == {(0, n) for n in range(1, last + 1)} - set(found)
        assert len(found) == len(set(found))
        assert len(scene.recoveries()) <= 1
        finish_with(parent, "go\n")
    scene.survive()
    scene.prove()
    messages = [record["message"] for record in scene.records()]
    assert (1, 1) == (messages.count("parent"), messages.count("parent lives"))


def finish_with(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin is not None
    process.stdin.write(text)
    finish(process)


def test_pool_that_is_terminated_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Pool.terminate kills children amid logging; the next start has all that they logged."""
    for number in range(rounds(1, 10)):
        scene = Scene(tmp_path / str(number))
        with scene.start("pool") as process:
            finish(process)
        assert 0 not in scene.acknowledged
        scene.survive()
        scene.prove()


@pytest.fixture
def no_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a crash leave no core file."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, before)


@pytest.mark.parametrize("way", ["segv", "segv sent"])
def test_segmentation_fault_is_in_the_log_with_all_that_was_acknowledged(
    way: str, no_core: None, tmp_path: Path
) -> None:
    """A native crash: its events are recovered, and an error record holds Python's dump."""
    scene = Scene(tmp_path / "scene")
    with scene.start(way) as process:
        if way == "segv sent":
            scene.wait_for(200)
            os.kill(process.pid, signal.SIGSEGV)
        finish(process, status=-signal.SIGSEGV)
    assert sum(scene.acknowledged) >= 200
    scene.survive()
    scene.prove()
    errors = [dict(r) for r in scene.records() if r.problem is None and r["category"] == "error"]
    assert 1 == len(errors)
    text = " ".join(map(str, errors[0].values()))
    assert "Segmentation fault" in text or "SIGSEGV" in text
    assert "killed.py" in text  # where in the app it was


def test_segmentation_fault_dump_of_the_app_is_left_to_the_app(
    no_core: None, tmp_path: Path
) -> None:
    """Where the app has faulthandler on, its dump comes to stderr as without us."""
    scene = Scene(tmp_path / "scene")
    command = ("killed.py", "segv", scene._counters)
    with start(*command, env=scene.env, options=("-X", "faulthandler")) as process:
        _, err = finish(process, status=-signal.SIGSEGV)
    assert "Fatal Python error: Segmentation fault" in err
    scene.survive()
    scene.prove()
