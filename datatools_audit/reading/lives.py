"""From when to when there are records of each process, and which of them run no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.reading.ordering import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatools_audit.reading.reader import Record


class Lives:
    """Takes all records, in any order. Threads: one at a time."""

    def __init__(self) -> None:
        self._lives: dict[str, _Life] = {}

    def note(self, record: Record) -> None:
        """Take one into account; a line that is no record says nothing of a process."""
        proc, ts = text(record, "proc"), text(record, "ts")
        if record.problem is not None:
            return
        found = self._lives.get(proc)
        if found is None:
            found = self._lives[proc] = _Life(ts, ts)
        found.first, found.last = min(found.first, ts), max(found.last, ts)
        if record["category"] == "session" and "app" in record:
            found.app = text(record, "app")
        if "died_proc" in record and (died := text(record, "died_proc")):
            self._lives.setdefault(died, _Life(ts, "")).has_died = True

    def dead(self) -> frozenset[str]:
        """Return the ``proc`` of processes that run no more, as far as that can be told.

        One is told to have died, or is followed by another of the same app.
        """
        return frozenset(self._dead())

    def _dead(self) -> Iterator[str]:
        newest: dict[str, str] = {}
        for proc, life in sorted(self._lives.items(), key=lambda each: each[1].first):
            if life.has_died:
                yield proc
            before = newest.get(life.app) if life.app else None
            if before and self._lives[before].last < life.first:
                yield before
            if life.app:
                newest[life.app] = proc


@dataclass(slots=True)
class _Life:
    first: str
    last: str
    app: str = ""
    has_died: bool = False
