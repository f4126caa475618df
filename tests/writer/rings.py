"""Rings as dead processes leave them, and programs that look at them from outside."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.writer.ringfile import HEADER_BYTES, HELD_BYTES, MAGIC, RECORDS_AT, SETTLED
from tests.faults.helpers import LIMIT_SECONDS, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROC = "0a1b2c3d"
RING_BYTES = 64 * 1024

_OWN = """
import fcntl, os, sys
fcntl.lockf(os.open(sys.argv[1], os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)
print("owned", flush=True)
sys.stdin.read()
"""
_LOOK = """
import sys
from pathlib import Path
from datatools_audit.writer import ringfile
print(ringfile.open_dead(Path(sys.argv[1])) is None)
"""


def record(seq: int, proc: str = PROC, ts: str = "2026-05-19T12:00:00") -> bytes:
    """Return a record as the encoder writes it, but for what no ring asks for."""
    head = f'{{"ts":"{ts}.000+00:00","level":"info","message":"m","proc":"{proc}"'
    return f'{head},"seq":{seq},"n":1}}\n'.encode()


def records(*seqs: int) -> list[bytes]:
    """Return the records of these numbers."""
    return [record(seq) for seq in seqs]


def ring_bytes(
    folder: Path,
    *,
    held: Iterable[bytes] = (),
    waiting: Iterable[bytes] = (),
    crash: bytes = b"",
    settled: int = 0,
    **about: object,
) -> bytes:
    """Return a ring's file, put together as ``ringfile`` describes it.

    Args:
        folder: That of the logs.
        held: The batch that was being written.
        waiting: What lies in the ring itself.
        crash: What stands behind it.
        settled: How many lines were written.
        about: What the header says otherwise.
    """
    total = RECORDS_AT + RING_BYTES
    told = {"proc": PROC, "pid": 1, "started": "0", "folder": str(folder), "total": total} | about
    head = MAGIC + SETTLED.pack(settled) + json.dumps(told).encode()
    parts = (head, HEADER_BYTES), (b"".join(held), HELD_BYTES), (b"".join(waiting), RING_BYTES)
    return b"".join(part.ljust(size, b"\0") for part, size in parts) + crash


def _python(program: str, *args: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, args)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(program: str, *args: object, status: int = 0) -> tuple[str, str]:
    """Run a program to its end; prove its exit status and return its stdout and stderr."""
    with _python(program, *args) as process:
        out, err = process.communicate(timeout=LIMIT_SECONDS)
    assert status == process.returncode, err
    return out, err


@contextlib.contextmanager
def running(program: str, *args: object) -> Iterator[str]:
    """Run a program that says one line; give that line, and kill the program at the end."""
    with _python(program, *args) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().rstrip()
        finally:
            process.kill()


@contextlib.contextmanager
def owned(path: Path) -> Iterator[None]:
    """Have a live process own that file."""
    with running(_OWN, path) as line:
        assert "owned" == line
        yield


def is_left_alone(path: Path) -> bool:
    """Tell whether another process takes that file for none that it may recover."""
    return "True\n" == said(_LOOK, path)[0]


def open_files() -> int:
    """Return how many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def state_of(path: Path) -> tuple[int, int, int]:
    """Return what tells whether a file, or a link, was changed or replaced."""
    found = path.lstat()
    return found.st_ino, found.st_size, found.st_mtime_ns
