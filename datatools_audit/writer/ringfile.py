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

What is free is zero, and a line has no zero in it. So whatever stands between zeros, begins as
a record does and ends with a newline is a line that waits; one that was cut short has a zero
where it lacks something. That takes the place of a checksum: the copy is one step of the
process, and nothing but the end of the process can cut it short.
"""

from __future__ import annotations

import json
import os
import re
import stat
import struct
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.writer.filelock import own

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
_BEGINNING = b'{"ts":"'
_PARTS = re.compile(rb"[^\0]+")

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 -- each file in it is checked for its owner
_PREFIX = "datatools-audit-"
_SUFFIX = ".ring"


def ring_name(proc: str) -> str:
    """Return the name of the ring of a process, by its ``proc``."""
    return f"{_PREFIX}{proc}{_SUFFIX}"


def places() -> list[Path]:
    """Return the folders in which rings may lie. Touches the disk."""
    temporary = Path(tempfile.gettempdir())
    return [SHARED_MEMORY, temporary] if sys.platform == "linux" else [temporary]


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
class DeadRing:
    """What a process left that died.

    Attributes:
        proc: Its ``proc``.
        folder: The folder of its logs.
        settled: How many lines it had written.
        lines: The whole lines that it had not, in no order; some perhaps twice.
        crash: What ``faulthandler`` wrote, or an empty text.
    """

    proc: str
    folder: Path
    settled: int
    lines: tuple[bytes, ...]
    crash: str


def find(folder: Path) -> Iterator[Path]:
    """Yield the files in that folder that are named as rings are."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    yield from (folder / n for n in names if n.startswith(_PREFIX) and n.endswith(_SUFFIX))


def open_dead(path: Path) -> int | None:
    """Open a ring and take its ownership, if it is ours and its process is dead.

    Returns:
        The handle, which holds the ownership until it is closed; None where the file is
        somebody else's, no plain file, not ready, in use, or gone.
    """
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError:
        return None
    try:
        if _is_ours(handle) and _is_dead(handle):
            return handle
    except (OSError, ValueError, TypeError, KeyError):
        pass
    os.close(handle)
    return None


def read(handle: int) -> DeadRing:
    """Read a ring; what is torn in it is left out.

    Read, not mapped: a file that shrinks under a mapping kills the process.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no ring.
    """
    data = _read_all(handle)
    about = _about(data)
    total = int(about["total"])  # type: ignore[call-overload]
    (settled,) = SETTLED.unpack_from(data, SETTLED_AT)
    lines = (
        line
        for part in _PARTS.findall(data[HEADER_BYTES:total])
        for line in part.splitlines(keepends=True)
        if line.startswith(_BEGINNING) and line.endswith(b"}\n")
    )
    crash = data[total:].replace(b"\0", b"").decode(errors="replace")
    return DeadRing(str(about["proc"]), Path(str(about["folder"])), settled, tuple(lines), crash)


def _is_ours(handle: int) -> bool:
    status = os.fstat(handle)
    is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return stat.S_ISREG(status.st_mode) and is_own and status.st_size >= HEADER_BYTES


def _is_dead(handle: int) -> bool:
    about = _about(_read_at(handle, HEADER_BYTES, 0))
    owned = own(handle)
    if owned is None:  # no locks here: the process's number and start have to tell
        now = started(int(about["pid"]))  # type: ignore[call-overload]
        owned = not now or now != about["started"]
    return owned and os.fstat(handle).st_nlink > 0


def _about(data: bytes) -> dict[str, object]:
    if not data.startswith(MAGIC):
        raise ValueError("no ring, or not ready")
    about = json.loads(data[_JSON_AT:HEADER_BYTES].rstrip(b"\0"))
    if not isinstance(about, dict):
        raise ValueError("no ring")  # noqa: TRY004 -- one error for every bad file
    return about


def _read_all(handle: int) -> bytes:
    size = os.fstat(handle).st_size
    return _read_at(handle, size, 0)


def _read_at(handle: int, size: int, start: int) -> bytes:
    os.lseek(handle, start, os.SEEK_SET)
    parts = []
    while size > 0 and (part := os.read(handle, min(size, 1 << 24))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
