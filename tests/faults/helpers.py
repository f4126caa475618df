"""Lines, writers and child processes for the tests of the writer and of its faults."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections import defaultdict
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any

import pytest

from datatools_audit.writer import worker as worker_module
from datatools_audit.writer.writer import Writer
from tests.helpers import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from datatools_audit.writer.spool import Sink

PROGRAMS = Path(__file__).parent / "programs"
ROOT = PROGRAMS.parents[2]
LIMIT_SECONDS = 60
FULL = os.environ.get("AUDIT_FAULTS") == "full"


def rounds(quick: int, full: int) -> int:
    """Return how often or how much: the second number with ``AUDIT_FAULTS=full``."""
    return full if FULL else quick


def line(seq: int, size: int = 0, ts: str = "2026-05-19T12:00:00") -> bytes:
    """Return a record as the encoder writes it, filled up to that many bytes."""
    head = f'{{"ts":"{ts}.000+00:00","seq":{seq},"fill":"'
    return f'{head}{"x" * (size - len(head) - 3)}"}}\n'.encode()


def lines(first: int, last: int) -> list[bytes]:
    """Return the records of these numbers, both ends included."""
    return [line(seq) for seq in range(first, last + 1)]


def audit_line(level: str, message: str, **fields: object) -> bytes:
    """Return a note of the log on itself, numbered 0."""
    head = {"ts": "2026-05-19T12:00:00.000+00:00", "level": level, "seq": 0}
    return json.dumps(head | {"category": "audit", "message": message} | fields).encode() + b"\n"


def parsed(raw: Iterable[bytes]) -> list[dict[str, object]]:
    """Parse each line as strict JSON."""
    return [strict_json(each) for each in raw]


def notes_in(raw: Iterable[bytes]) -> list[dict[str, object]]:
    """Return the log's notes on itself among the lines."""
    return [record for record in parsed(raw) if record.get("category") == "audit"]


def seqs_in(raw: Iterable[bytes]) -> list[object]:
    """Return the numbers of the lines, the notes left out."""
    return [record["seq"] for record in parsed(raw) if record.get("category") != "audit"]


@contextlib.contextmanager
def running_writer(sink: Sink, **settings: object) -> Iterator[Writer]:
    """Give a writer over that sink, and prove at the end that its thread is gone."""
    writer = Writer(sink, audit_line, **settings)  # type: ignore[arg-type]
    try:
        yield writer
    finally:
        if gate := getattr(sink, "gate", None):
            gate.set()
        assert writer.close(30)


def quick_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a refused batch be tried again after milliseconds."""
    monkeypatch.setattr(worker_module, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(worker_module, "LONGEST_PAUSE_SECONDS", 0.005)


def start(
    program: str,
    *args: object,
    env: Mapping[str, str] = MappingProxyType({}),
    options: Sequence[str] = ("-X", "faulthandler"),
    **settings: object,
) -> subprocess.Popen[str]:
    """Start one of the programs beside this file, with pipes and the test's log folder."""
    command = [sys.executable, *options, PROGRAMS / program, *map(str, args)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | dict(env)
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    how = {"env": environment, "text": True, "process_group": 0} | pipes | settings
    return subprocess.Popen(command, **how)  # type: ignore[call-overload,no-any-return]


def run(
    program: str,
    *args: object,
    status: int = 0,
    limit: float = LIMIT_SECONDS,
    env: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, str]:
    """Run a program to its end; prove its exit status and return its stdout and stderr."""
    with start(program, *args, env=env) as process:
        return finish(process, status=status, limit=limit)


def finish(
    process: subprocess.Popen[str], *, status: int = 0, limit: float = LIMIT_SECONDS
) -> tuple[str, str]:
    """Wait for a program's end; prove its exit status and return its stdout and stderr.

    One that does not end has to show its stacks. Whatever is left of it and of its children
    then is killed.
    """
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        pytest.fail(f"no end within {limit} s:\n{process.communicate(timeout=limit)[1]}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert status == process.returncode, err
    return out, err


def records_in(folder: Path) -> list[dict[str, object]]:
    """Return the records of all logs of a folder, each line proven whole and strict."""
    return [
        strict_json(raw)
        for path in sorted(folder.glob("datatools-*.jsonl"))
        for raw in path.read_bytes().splitlines(keepends=True)
    ]


def seqs_by_proc(folder: Path) -> dict[object, list[object]]:
    """Return the numbers of each process in the order of the lines."""
    found: dict[object, list[object]] = defaultdict(list)
    for record in records_in(folder):
        found[record["proc"]].append(record["seq"])
    return found


def names_of_calls(thread: threading.Thread) -> list[str]:
    """Return what a thread is in, the outermost first."""
    frame = sys._current_frames().get(thread.ident or 0)
    return [each.name for each in traceback.extract_stack(frame)] if frame else []


def opened_path(handle: int) -> str:
    """Return the path of an open file."""
    return str(Path(f"/proc/self/fd/{handle}").readlink())


def go(processes: Sequence[subprocess.Popen[str]]) -> None:
    """Wait until each of these programs is ready, then have them begin together."""
    for process in processes:
        assert process.stdout is not None
        assert "ready\n" == process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def missing_in(records: Iterable[Mapping[str, Any]], last: int | None = None) -> set[int]:
    """Return the numbers of one process that its log lacks; prove that it names each.

    No number stands twice, each that is missing lies in the range of a note, and the notes
    add up to how many there are.
    """
    found = list(records)
    seqs = sorted(record["seq"] for record in found)
    assert len(set(seqs)) == len(seqs)
    missing = set(range(1, (last or seqs[-1]) + 1)).difference(seqs)
    notes = [record for record in found if "dropped" in record]
    told = [range(note["first_seq"], note["last_seq"] + 1) for note in notes]
    assert set() == {seq for seq in missing if not any(seq in each for each in told)}
    assert len(missing) == sum(note["dropped"] for note in notes)
    return missing


class Served:
    """A process that logs, flushes and tells its counters on demand: see ``served.py``."""

    def __init__(self, process: subprocess.Popen[str], errors: IO[str]) -> None:
        self.process = process
        self._errors = errors

    def ask(self, *words: object) -> Any:
        """Give a command and return the answer; end with the process's errors if none comes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answered, _, _ = select.select([self.process.stdout], [], [], LIMIT_SECONDS)
        assert [self.process.stdout] == answered, f"no answer to {words}"
        answer = self.process.stdout.readline()
        if not answer:
            self._errors.seek(0)
            raise AssertionError(self._errors.read())
        return json.loads(answer)


@contextlib.contextmanager
def served(**settings: Any) -> Iterator[Served]:
    """Give a process that does what it is asked to; it ends without a flush."""
    # Its errors go to a file: a pipe that nobody reads would hold its worker once it is full.
    with tempfile.TemporaryFile("w+") as errors:
        process = start("served.py", stderr=errors, **settings)
        try:
            yield Served(process, errors)
            finish(process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=LIMIT_SECONDS)


@contextlib.contextmanager
def mounted(place: Path, *options: object) -> Iterator[Path]:
    """Mount a file system; skip the test where that is not permitted."""
    place.mkdir(exist_ok=True)
    try:
        do("mount", *options, place)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"a file system cannot be mounted here: {error}")
    try:
        yield place
    finally:
        do("umount", "-l", place)


def do(*command: object) -> str:
    """Run a command of the system and return what it says; raise when it fails."""
    done = subprocess.run(
        list(map(str, command)), check=True, capture_output=True, timeout=LIMIT_SECONDS, text=True
    )
    return done.stdout
