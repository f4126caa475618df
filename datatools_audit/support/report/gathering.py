"""The records that a report is made of: all are counted, the newest are kept as they are."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.reading.index import zone_of
from datatools_audit.reading.lives import Lives
from datatools_audit.reading.ordering import moment_of, text
from datatools_audit.record.levels import LEVELS
from datatools_audit.support.report.histogram import Histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import timezone

    from datatools_audit.reading.reader import Record
    from datatools_audit.support.completeness import Completeness

    Taken = Callable[[], None]

MOST_RECORDS = 200_000
MOST_BYTES = 128 << 20
MOST_NOTES = 200
MOST_PROBLEMS = 50
_LEVELS = {level: place for place, level in enumerate(LEVELS)}
_OTHER = _LEVELS["info"]
_BANNER = frozenset({"app", "platform"})
_NOTED = ("dropped", "outage_seconds", "recovered")


def is_banner(record: Mapping[str, object]) -> bool:
    """Tell whether a record says what the app runs on; outside of Streamlit it has no ``app``."""
    return record.get("category") == "session" and bool(_BANNER & record.keys())


@dataclass(slots=True)
class Counts:
    """How many records there are, all together.

    Attributes:
        events: How many.
        levels: By level.
        categories: By category.
        histogram: By time and level.
        first: The earliest moment, seconds since the epoch; None where none says one.
        last: The latest.
    """

    events: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    histogram: Histogram = field(default_factory=Histogram)
    first: float | None = None
    last: float | None = None

    def add(self, record: Record) -> None:
        """Count one."""
        level = text(record, "level")
        self.events += 1
        self.levels[level] += 1
        self.categories[text(record, "category")] += 1
        moment = moment_of(record["ts"])
        if moment is not None:
            self.histogram.add(moment, _LEVELS.get(level, _OTHER))
            self.first = moment if self.first is None else min(self.first, moment)
            self.last = moment if self.last is None else max(self.last, moment)


class Gathering:
    """Takes the records of a log, the oldest first.

    Args:
        session: Only this session's records are counted and kept; empty for all.
        most_records: So many are kept, the newest; and no more than ``most_bytes`` of them.
        most_bytes: See there.

    Attributes:
        counts: Of all records.
        kept: The newest lines as they are, each with its session.
        earlier: How many of each session came before these.
        banners: For each process the newest line with which a session has begun.
        notes: The newest lines in which the log tells what it lacks.
        deaths: How many processes are told to have ended without notice.
        problems: The first lines that are no record, each with the name of its file.
        problem_count: How many there are.
        lives: Which processes run no more.
        zone: The time zone of the server as the newest banner says; None where none does.
        zone_told: What the banner says of it.

    Threads: one at a time.
    """

    def __init__(
        self,
        *,
        session: str = "",
        most_records: int = MOST_RECORDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._session = session
        self._most_records, self._most_bytes = most_records, most_bytes
        self._kept_bytes = 0
        self.counts = Counts()
        self.kept: deque[tuple[str, bytes]] = deque()
        self.earlier = Counter[str]()
        self.banners: dict[str, bytes] = {}
        self.notes: deque[bytes] = deque(maxlen=MOST_NOTES)
        self.deaths = 0
        self.problems: list[tuple[str, Record]] = []
        self.problem_count = 0
        self.lives = Lives()
        self.zone: timezone | None = None
        self.zone_told = ""

    def take(self, records: Iterable[Record], completeness: Completeness, name: str = "") -> None:
        """Take records.

        Args:
            records: They, in the order of their lines.
            completeness: Is given each of them.
            name: What to call their file; empty for the name that it has.

        Raises nothing itself; what reading the records raises travels on.
        """
        for record in records:
            completeness.add(record)
            if record.problem is None:
                self._take(record)
                continue
            self.problem_count += 1
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append((name or record.source.name, record))

    def _take(self, record: Record) -> None:
        self.lives.note(record)
        category = record["category"]
        if is_banner(record):
            self.banners[text(record, "proc")] = record.raw
            if told := text(record, "timezone"):
                self.zone, self.zone_told = zone_of(told), told
        elif category == "audit" and any(name in record for name in _NOTED):
            self.notes.append(record.raw)
            self.deaths += "died_proc" in record
        session = text(record, "session")
        if not self._session or session == self._session:
            self.counts.add(record)
            self._keep(session, record.raw)

    def _keep(self, session: str, raw: bytes) -> None:
        self.kept.append((session, raw))
        self._kept_bytes += len(raw)
        while len(self.kept) > self._most_records or self._kept_bytes > self._most_bytes:
            gone, line = self.kept.popleft()
            self._kept_bytes -= len(line)
            self.earlier[gone] += 1
