"""Lines, writers and child processes for the tests of the writer and of its faults."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.writer import worker as worker_module
from datatools_audit.writer.writer import Writer
from tests.helpers import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pytest

    from datatools_audit.writer.spool import Sink

PROGRAMS = Path(__file__).parent / "programs"
ROOT = PROGRAMS.parents[2]
LIMIT_SECONDS = 60


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


def start(program: str, *args: object, **settings: object) -> subprocess.Popen[str]:
    """Start one of the programs beside this file, with pipes and the test's log folder."""
    command = [sys.executable, "-X", "faulthandler", PROGRAMS / program, *map(str, args)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    options = {"env": environment, "text": True, "process_group": 0} | pipes | settings
    return subprocess.Popen(command, **options)  # type: ignore[call-overload,no-any-return]


def run(
    program: str, *args: object, status: int = 0, limit: float = LIMIT_SECONDS
) -> tuple[str, str]:
    """Run a program to its end; prove its exit status and return its stdout and stderr."""
    with start(program, *args) as process:
        return finish(process, status=status, limit=limit)


def finish(
    process: subprocess.Popen[str], *, status: int = 0, limit: float = LIMIT_SECONDS
) -> tuple[str, str]:
    """Wait for a program's end; prove its exit status and return its stdout and stderr.

    Whatever is left of it and of its children then is killed.
    """
    try:
        out, err = process.communicate(timeout=limit)
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


def opened_path(handle: int) -> str:
    """Return the path of an open file."""
    return str(Path(f"/proc/self/fd/{handle}").readlink())
