"""From when to when there are records of each process, and which of them run no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.reading.ordering import names_app, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, object]


class Lives:
    """Takes all records, in any order.

    A process begins with its lowest number, whatever the clock says later, and ends with its
    latest time. Threads: one at a time.
    """

    def __init__(self) -> None:
        self._lives: dict[str, _Life] = {}
        self._died: set[str] = set()

    def note(self, record: Record) -> None:
        """Take one into account; a line that is no record says nothing of a process."""
        if "died_proc" in record and (died := text(record, "died_proc")):
            self._died.add(died)
        proc = text(record, "proc")
        if not proc:
            return
        ts, found = text(record, "ts"), self._lives.get(proc)
        number = record.get("seq")
        began = number if type(number) is int else 0, ts
        if found is None:
            found = self._lives[proc] = _Life(began, ts)
        found.began, found.last = min(found.began, began), max(found.last, ts)
        if names_app(record):
            found.app = text(record, "app")

    def dead(self) -> frozenset[str]:
        """Return the ``proc`` of processes that run no more, as far as that can be told.

        One is told to have died, or is followed by another of the same app.
        """
        return frozenset(self._died).union(before for before, _ in self._followed())

    def restarts(self) -> frozenset[str]:
        """Return the processes that come after another one of the same app."""
        return frozenset(after for _, after in self._followed())

    def _followed(self) -> Iterator[tuple[str, str]]:
        newest: dict[str, str] = {}
        for proc, life in sorted(self._lives.items(), key=lambda each: each[1].first):
            before = newest.get(life.app) if life.app else None
            if before and self._lives[before].last < life.first:
                yield before, proc
            if life.app:
                newest[life.app] = proc


@dataclass(slots=True)
class _Life:
    began: tuple[int, str]
    last: str
    app: str = ""

    @property
    def first(self) -> str:
        return self.began[1]
