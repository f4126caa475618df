"""Whether records are all there: what is torn, missing, doubled, dropped, and what can be told."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from datatools_audit.reading.numbers import Numbers, Span, size, without
from datatools_audit.reading.ordering import text
from datatools_audit.reading.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from datatools_audit.reading.reader import Record

    Missing = tuple[int, list[Span]]

_MOST_GAPS = 5


class Verdict(enum.Enum):
    """The answer to: is everything there?"""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the records.

    Attributes:
        verdict: What it alone would answer; ``COMPLETE`` of what is only worth knowing.
        sentence: What it is.
    """

    verdict: Verdict
    sentence: str


class Completeness:
    """Takes records, in any order, and tells whether all are there.

    Args:
        is_part: Whether the records are a part that somebody has chosen out of a log, as an
            extract of a session is. What is missing may be of others then.
        missing: Of a bundle: how many records of each process its manifest says are missing,
            and the first ranges of them. What was left out by choice is no gap.

    Memory is flat as long as the records come nearly in their order. Threads: one at a time.
    """

    def __init__(
        self, *, is_part: bool = False, missing: Mapping[str, Missing] | None = None
    ) -> None:
        self._is_part = is_part
        self._missing = missing
        self._numbers: dict[str, Numbers] = {}
        self._dropped: dict[str, list[Span]] = {}
        self._drops = 0
        self._lost = 0
        self._bad = {"torn": 0, "foreign": 0}
        self._sessions: set[str] = set()
        self.events = 0

    def add(self, record: Record) -> None:
        """Take one into account."""
        if record.problem is not None:
            self._bad[record.problem] += 1
            return
        self.events += 1
        proc, seq = text(record, "proc"), cast("int", record["seq"])
        found = self._numbers.get(proc)
        if found is None:
            found = self._numbers[proc] = Numbers()
        found.add(seq)
        self._sessions.add(text(record, "session"))
        if record["category"] == "audit":
            self._note(record, proc)

    def _note(self, record: Record, proc: str) -> None:
        first, last = record.get("first_seq"), record.get("last_seq")
        if type(record.get("dropped")) is int and type(first) is type(last) is int:
            self._dropped.setdefault(proc, []).append((first, last))
            self._drops += record["dropped"]  # type: ignore[operator]
        if type(record.get("missing")) is int and "died_proc" in record:
            self._lost += record["missing"]  # type: ignore[operator]

    def verdict(self) -> Verdict:
        """Return the answer: incomplete where one finding says so, else unknown where one does."""
        told = {finding.verdict for finding in self.findings()}
        for each in (Verdict.INCOMPLETE, Verdict.UNKNOWN):
            if each in told:
                return each
        return Verdict.COMPLETE

    def findings(self) -> Iterator[Finding]:
        """Yield what there is to say, the worst first."""
        if not self.events and self._missing is None:
            yield Finding(Verdict.UNKNOWN, "There is no record in it.")
        for number, one, many, rest in (
            (self._bad["torn"], "line is", "lines are", "torn: a part of a record"),
            (self._bad["foreign"], "line is", "lines are", "no record of the log"),
            (self._drops, "record was", "records were", "dropped, as the log itself says"),
            (self._lost, "record is", "records are", "lost of a process that died"),
        ):
            if number:
                yield Finding(Verdict.INCOMPLETE, f"{count(number, one, many)} {rest}.")
        for proc, numbers in self._numbers.items():
            for verdict, said in self._findings_of(proc, numbers):
                yield Finding(verdict, f"Process {proc}: {said}.")

    def _findings_of(self, proc: str, numbers: Numbers) -> Iterator[tuple[Verdict, str]]:
        if numbers.doubled:
            said = count(numbers.doubled, "record is", "records are")
            yield Verdict.INCOMPLETE, f"{said} there twice"
        gaps = without(numbers.gaps(), self._dropped.get(proc, []))
        missing = size(gaps)
        if self._missing is not None:
            missing, told = self._missing.get(proc, (0, []))
            gaps = without(told, self._dropped.get(proc, []))
            missing -= size(told) - size(gaps)
        elif gaps and (self._is_part or len(self._sessions) == 1):
            said = f"{count(missing, 'number is', 'numbers are')} not here ({_told(gaps)})"
            yield Verdict.UNKNOWN, f"{said}: of other sessions, of another time, or lost"
            missing = 0
        if missing:
            said = count(missing, "record is", "records are")
            yield Verdict.INCOMPLETE, f"{said} missing ({_told(gaps)})"
        first, _ = numbers.span
        if first > 1 and self._missing is None:
            said = f"it begins with number {first:,}"
            yield Verdict.UNKNOWN, f"{said}; what was before is in an earlier day's log, or gone"


def _told(gaps: list[Span]) -> str:
    said = ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in gaps[:_MOST_GAPS])
    return said + (", …" if len(gaps) > _MOST_GAPS else "")
