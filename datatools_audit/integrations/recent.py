"""The last lines of each of the latest sessions, in memory: nobody has to ask a disk for them."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.lock import Lock
from datatools_audit.reading.reader import parse_line
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from datatools_audit.reading.reader import Record

_MOST_SESSIONS = 200
_MOST_LINES = 100
_LONG_BYTES = 1024
_MOST_BYTES = 64 * 1024  # of a session that has long lines
_LEVEL_AT = len('{"ts":"2026-05-19T21:22:47.123+00:00","level":"')
_FIELD = b'"session":"'
_ID_BYTES = 8
_SOURCE = Path("recent")


class RecentLines:
    """Hears the recorder's lines and keeps the newest hundred of each of 100 to 200 sessions.

    Those of level ``debug`` are no steps. A session has at most 64 KiB when it gets a line of over
    1 KiB, so never more than 164. Sessions lie in two halves: what is heard moves to the newer, and
    when that is full the older is forgotten.

    Threads: any.
    """

    def __init__(self) -> None:
        # Re-entrant: a signal handler may log while its thread does.
        self._lock = Lock()
        self._newer: dict[bytes, deque[bytes]] = {}
        self._older: dict[bytes, deque[bytes]] = {}

    def hear(self, line: bytes) -> None:
        """Keep a line of the recorder's. In the caller, so mostly without a lock."""
        if line.startswith(b"debug", _LEVEL_AT):
            return
        # A quote inside a JSON text is escaped, so the first is the record's own.
        at = line.find(_FIELD, _LEVEL_AT) + len(_FIELD)
        session = line[at : at + _ID_BYTES]
        kept = self._newer.get(session)
        if kept is None:
            kept = self._kept(session)
        kept.append(line)
        if len(line) > _LONG_BYTES:
            self._trim(kept)

    def _kept(self, session: bytes) -> deque[bytes]:
        with self._lock:
            if len(self._newer) >= _MOST_SESSIONS // 2:
                self._newer, self._older = {}, self._newer
            found = self._older.pop(session, None)
            if found is None:
                found = deque(maxlen=_MOST_LINES)
            return self._newer.setdefault(session, found)

    def _trim(self, kept: deque[bytes]) -> None:
        with self._lock:
            size = sum(map(len, tuple(kept)))
            while len(kept) > 1 and size > _MOST_BYTES:
                size -= len(kept.popleft())

    def of(self, session: str) -> list[Record]:
        """Return the newest records of a session, the oldest of them first."""
        name = session.encode()
        lines = tuple(self._newer.get(name) or self._older.get(name) or ())
        return [parse_line(line, _SOURCE, 0) for line in lines]


def recent_lines() -> RecentLines:
    """Return what the process keeps of its sessions, from the first call on."""
    lines = shared("recent lines", RecentLines)
    recorder.listen(lines.hear)
    return lines
