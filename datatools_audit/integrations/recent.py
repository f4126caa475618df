"""The last lines of each of the latest sessions, in memory: nobody has to ask a disk for them."""

from __future__ import annotations

import threading
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.reading.reader import parse_line
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from datatools_audit.reading.reader import Record

_MOST_SESSIONS = 200
_MOST_LINES = 200
_MOST_BYTES = 64 * 1024  # of a session
_FIELD = b'"session":"'
_ID_BYTES = 8
_SOURCE = Path("recent")


class RecentLines:
    """Hears the recorder's lines and keeps the newest of each session, at most 64 KiB.

    Threads: any.
    """

    def __init__(self) -> None:
        # Re-entrant: a signal handler may log while its thread does.
        self._lock = threading.RLock()
        self._lines: dict[bytes, deque[bytes]] = {}
        self._bytes: dict[bytes, int] = {}

    def hear(self, line: bytes) -> None:
        """Keep a line of the recorder's."""
        # A quote inside a JSON text is escaped, so the first is the record's own.
        at = line.find(_FIELD) + len(_FIELD)
        session = line[at : at + _ID_BYTES]
        with self._lock:
            kept = self._lines.pop(session, None)
            if kept is None:
                kept = deque()
                self._bytes[session] = 0
            self._lines[session] = kept  # the newest is the last
            kept.append(line)
            size = self._bytes[session] + len(line)
            while len(kept) > 1 and (size > _MOST_BYTES or len(kept) > _MOST_LINES):
                size -= len(kept.popleft())
            self._bytes[session] = size
            if len(self._lines) > _MOST_SESSIONS:
                oldest = next(iter(self._lines))
                del self._lines[oldest], self._bytes[oldest]

    def of(self, session: str) -> list[Record]:
        """Return the newest records of a session, the oldest of them first."""
        with self._lock:
            lines = list(self._lines.get(session.encode(), ()))
        return [parse_line(line, _SOURCE, 0) for line in lines]


def recent_lines() -> RecentLines:
    """Return what the process keeps of its sessions, from the first call on."""
    lines = shared("recent lines", RecentLines)
    recorder.listen(lines.hear)
    return lines
