"""Where the lines of each session lie, so that one session after the other can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone
from typing import IO, TYPE_CHECKING

from datatools_audit.reading.lives import Lives
from datatools_audit.reading.ordering import app_of, names_app, text
from datatools_audit.reading.places import Places
from datatools_audit.reading.reader import LONGEST_LINE_BYTES, parse_line
from datatools_audit.record.levels import ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from datatools_audit.reading.reader import Record

MOST_RECORDS = 200_000
_OFFSET = re.compile(r"UTC([+-])(\d\d):(\d\d)")


@dataclass(slots=True, eq=False)
class IndexedSession:
    """One session: what is known of it, and where its lines lie.

    Attributes:
        session: Its id; empty for lines that are no record.
        first: The earliest ``ts``.
        last: The latest.
        events: How many records.
        errors: How many of them are errors.
        app: Name and version of the app, as its banner says; or empty.
        zone: The time zone of the server, as its banner says; UTC where none does.
        codes: The support codes of its errors and reports.
    """

    session: str
    first: str = ""
    last: str = ""
    events: int = 0
    errors: int = 0
    app: str = ""
    zone: timezone = UTC
    codes: set[str] = field(default_factory=set)
    _places: Places = field(default_factory=Places)

    def note(self, record: Record, file: int) -> None:
        """Take one of its records into account."""
        self._places.add(file, record.offset)
        if record.problem is not None:
            return
        self.events += 1
        self.errors += record["level"] in ERRORS
        ts = text(record, "ts")
        self.first, self.last = min(self.first or ts, ts), max(self.last, ts)
        if code := text(record, "support_code"):
            self.codes.add(code)
        if names_app(record):
            self.app = app_of(record)
            self.zone = zone_of(text(record, "timezone"))

    def __len__(self) -> int:
        """Return how many lines it has."""
        return len(self._places)

    @property
    def left_out(self) -> int:
        """How many of its oldest lines are not read: there are more than 200,000."""
        return max(0, len(self) - MOST_RECORDS)

    def newest_places(self) -> Iterator[tuple[int, int]]:
        """Yield file and offset of its last 200,000 lines."""
        return self._places.newest(MOST_RECORDS)


class Index:
    """The sessions of some files, in the order of their first record.

    Args:
        records: Every record of the files, as ``read_events`` gives them; kept is only where
            each lies, 4 bytes.

    Attributes:
        sessions: They.
        problems: The lines that are no record.
        dead: The ``proc`` of processes that run no more, as far as that can be told: one is
            told to have died, or is followed by another of the same app.

    The files have to be plain, and to stay. Threads: one at a time.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        self._files: dict[Path, int] = {}
        self._by_id: dict[str, IndexedSession] = {}
        lives = Lives()
        for record in records:
            lives.note(record)
            file = self._files.setdefault(record.source, len(self._files))
            name = "" if record.problem else text(record, "session")
            found = self._by_id.get(name)
            if found is None:
                found = self._by_id[name] = IndexedSession(name)
            found.note(record, file)
        self.sessions = sorted(
            (each for name, each in self._by_id.items() if name), key=lambda each: each.first
        )
        self.problems = self._by_id.get("", IndexedSession(""))
        self.dead = lives.dead()

    def get(self, session: str) -> IndexedSession | None:
        """Return the session of that id, or None."""
        return self._by_id.get(session) if session else None

    def records(self, session: IndexedSession) -> list[Record]:
        """Return a session's newest records, at most 200,000, in the order of the lines.

        Raises:
            OSError: A file is gone.
        """
        paths, opened = list(self._files), dict[int, IO[bytes]]()
        try:
            found = []
            for file, offset in session.newest_places():
                if file not in opened:
                    opened[file] = paths[file].open("rb")
                opened[file].seek(offset)
                raw = opened[file].readline(LONGEST_LINE_BYTES)
                found.append(parse_line(raw, paths[file], offset))
            return found
        finally:
            for stream in opened.values():
                stream.close()


def zone_of(told: str) -> timezone:
    """Return the time zone of a banner's ``timezone``: ``UTC+02:00 (CEST)``; else UTC."""
    found = _OFFSET.match(told)
    if found is None:
        return UTC
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset) if offset < timedelta(days=1) else UTC
