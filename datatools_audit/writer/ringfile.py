"""The form of a ring's file: a header, a batch, the lines that wait, and what a crash left.

=====================  ======================================================================
bytes                  what
=====================  ======================================================================
0 … 7                  ``MAGIC``, written last: a file without it is not ready
8 … 15                 how many lines the log has got
16 … 4095              JSON: ``proc``, ``pid``, ``started``, ``folder``, ``total``
from ``HEADER_BYTES``  the batch that is being written
from ``RECORDS_AT``    lines, one behind the other, round and round
from ``total``         the dump of ``faulthandler``, if the process crashed
=====================  ======================================================================

What is free is zero, and a line has no zero in it. So whatever begins as a record does and ends
with a newline waits to be written, unless it has a zero in it: then the end of the process cut
the copy short. That takes the place of a checksum; and each line is parsed.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import stat
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from datatools_audit.paths import shared_temporary_folder
from datatools_audit.writer.filelock import own
from datatools_audit.writer.flags import flags

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"DTARING1"
HEADER_BYTES = 4096
BATCH_BYTES = 256 * 1024
LONGEST_LINE = 72 * 1024  # a record is cut at 64 KiB
HELD_BYTES = BATCH_BYTES + LONGEST_LINE
RECORDS_AT = HEADER_BYTES + HELD_BYTES
SETTLED = struct.Struct("<Q")
SETTLED_AT = 8
_JSON_AT = 16
_numbers = itertools.count(1)
_UNREADY_SECONDS = 60.0
_BEGINNING = b'{"ts":"'

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 -- each file in it is checked for its owner
_PREFIX = "datatools-audit-"
_SUFFIX = ".ring"


def ring_name(proc: str) -> str:
    """Return a name for a ring of a process, by its ``proc``; a new one at each call."""
    return f"{_PREFIX}{proc}-{next(_numbers)}{_SUFFIX}"


def places() -> list[Path]:
    """Return the folders in which rings may lie."""
    return [SHARED_MEMORY, own_folder()] if sys.platform == "linux" else [own_folder()]


def own_folder() -> Path:
    """Return the folder for rings where there is no shared memory; this user's, or nobody's."""
    base = os.environ.get("TMPDIR", "") or shared_temporary_folder()
    uid = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    return Path(base, f"datatools-audit-{uid}")


def capacity_for(size: int) -> int:
    """Return the bytes of a ring in which lines of so many bytes in all find room."""
    return -(-(size + LONGEST_LINE) // HEADER_BYTES) * HEADER_BYTES


def header(proc: str, folder: Path, total: int) -> bytes:
    """Return the header but for its magic: everything from byte 8 on."""
    about = {
        "proc": proc,
        "pid": os.getpid(),
        "started": started(os.getpid()),
        "folder": str(folder),
        "total": total,
    }
    text = json.dumps(about).encode()
    if len(text) > HEADER_BYTES - _JSON_AT:
        raise ValueError("the folder's path is too long for a ring")
    return SETTLED.pack(0) + text.ljust(HEADER_BYTES - _JSON_AT, b"\0")


def started(pid: int) -> str:
    """Return when a process started, as the kernel counts, or an empty text."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError, ValueError):
        return ""


@dataclass(frozen=True, slots=True)
class About:
    """What the header of a ring tells.

    Attributes:
        proc: The process's ``proc``.
        pid: Its number.
        started: When it started, as ``started`` tells.
        folder: The folder of its logs.
        total: Bytes of the ring.
    """

    proc: str
    pid: int
    started: str
    folder: Path
    total: int


@dataclass(frozen=True, slots=True)
class Remains:
    """What a process left in its ring.

    Attributes:
        settled: How many lines it had written.
        lines: The whole lines that it had not, by ``seq``.
        crash: What ``faulthandler`` wrote, or an empty text.
    """

    settled: int
    lines: dict[int, bytes]
    crash: str


def find(folder: Path) -> Iterator[Path]:
    """Yield the files in that folder that are named as rings are."""
    try:
        yield from sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}"))
    except OSError:
        return


def find_all() -> Iterator[Path]:
    """Yield them wherever they may lie."""
    for place in places():
        yield from find(place)


def open_dead(path: Path) -> tuple[int, About] | None:
    """Open a ring and take its ownership, if it is ours and its process is dead.

    Returns:
        The handle, which holds the ownership until it is closed, and the header; None where
        the file is somebody else's, no plain file, not ready, in use, or gone.
    """
    try:
        handle = os.open(path, flags(os.O_RDWR, "O_NONBLOCK"))
    except OSError:
        return None
    try:
        if _is_ours(handle):
            about = _about(_read(handle, HEADER_BYTES, 0))
            if _is_dead(handle, about):
                return handle, about
    except (OSError, ValueError, TypeError, KeyError, ArithmeticError, RecursionError):
        pass
    os.close(handle)
    return None


def remove_unready(path: Path) -> None:
    """Remove a ring whose process was killed before it was ready. Never raises ``OSError``."""
    with contextlib.suppress(OSError):
        handle = os.open(path, flags(os.O_RDWR, "O_NONBLOCK"))
        try:
            age = time.time() - os.fstat(handle).st_mtime
            is_unready = _is_own_file(handle) and _read(handle, len(MAGIC), 0) != MAGIC
            if is_unready and age > _UNREADY_SECONDS and own(handle):
                path.unlink()
        finally:
            os.close(handle)


def read(handle: int, about: About) -> Remains:
    """Read a dead process's ring; what is torn in it is left out.

    Read, not mapped: a file that shrinks under a mapping kills the process.

    Raises:
        OSError: It cannot be read.
    """
    data = _read(handle, os.fstat(handle).st_size, 0)
    (settled,) = SETTLED.unpack_from(data, SETTLED_AT)
    lines = dict(sorted(_lines(data[: about.total], about.proc)))
    crash = data[about.total :].replace(b"\0", b"").decode(errors="replace")
    return Remains(settled, lines, crash)


def _lines(data: bytes, proc: str) -> Iterator[tuple[int, bytes]]:
    at = data.find(_BEGINNING, HEADER_BYTES)
    while at >= 0:
        end = data.find(b"\n", at) + 1 or len(data)
        torn = data.find(b"\0", at, end)
        end = end if torn < 0 else torn  # the newline may be that of a whole line behind it
        line = data[at:end]
        try:
            record = orjson.loads(line)
            if record["proc"] == proc and line.endswith(b"\n"):
                yield int(record["seq"]), line
        except (ValueError, TypeError, KeyError):  # cut short, or overwritten by zeros in part
            pass
        at = data.find(_BEGINNING, end)


def _is_ours(handle: int) -> bool:
    return _is_own_file(handle) and os.fstat(handle).st_size >= HEADER_BYTES


def _is_own_file(handle: int) -> bool:
    status = os.fstat(handle)
    is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return stat.S_ISREG(status.st_mode) and is_own


def _is_dead(handle: int, about: About) -> bool:
    owned = own(handle)
    if owned is None:  # no locks here: the process's number and start have to tell
        owned = started(about.pid) != about.started
    return owned and os.fstat(handle).st_nlink > 0


def _about(data: bytes) -> About:
    if not data.startswith(MAGIC):
        raise ValueError("no ring, or not ready")
    told = json.loads(data[_JSON_AT:HEADER_BYTES].rstrip(b"\0"))
    if b"\0" in os.fsencode(told["folder"]):
        raise ValueError("no path")
    return About(
        str(told["proc"]),
        int(told["pid"]),
        str(told["started"]),
        Path(told["folder"]),
        int(told["total"]),
    )


def _read(handle: int, size: int, start: int) -> bytes:
    os.lseek(handle, start, os.SEEK_SET)
    parts = []
    while size > 0 and (part := os.read(handle, min(size, 1 << 24))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
