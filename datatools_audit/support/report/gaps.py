"""What a log lacks: the verdict, what speaks for it, and what the log itself tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from datatools_audit.reading.ordering import text
from datatools_audit.reading.wording import clean
from datatools_audit.support.completeness import Verdict
from datatools_audit.support.report.shown import ms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.reading.reader import Record
    from datatools_audit.support.completeness import Completeness
    from datatools_audit.support.report.gathering import Gathering
    from datatools_audit.support.report.origins import Origin
    from datatools_audit.support.report.shown import Redact

_MOST_FINDINGS = 100
_WORST_FIRST = (Verdict.INCOMPLETE, Verdict.UNKNOWN, Verdict.COMPLETE)


@dataclass(frozen=True, slots=True)
class Note:
    """What the log says of itself.

    Attributes:
        ms: When, milliseconds since the epoch; None where that is unknown.
        text: Its words.
    """

    ms: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is no record.

    Attributes:
        kind: ``torn`` or ``foreign``.
        where: File and byte.
        line: How it begins.
    """

    kind: str
    where: str
    line: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a log lacks.

    Attributes:
        verdict: Whether all is there.
        findings: What speaks for it, in sentences; the first 100.
        more_findings: How many more.
        notes: What the log itself tells: what was dropped, how long the disk was gone, what was
            recovered of a process that died; the newest 200.
        deaths: How many processes ended without notice.
        problems: The first lines that are no record.
        more_problems: How many more.
    """

    verdict: Verdict
    findings: tuple[str, ...]
    more_findings: int
    notes: tuple[Note, ...]
    deaths: int
    problems: tuple[Problem, ...]
    more_problems: int


def gaps(
    gathered: Gathering,
    judged: Sequence[tuple[Origin, Completeness]],
    redact: Redact | None = None,
) -> Gaps:
    """Return what the gathered records lack, as each completeness judges."""
    verdicts, said = {Verdict.COMPLETE}, list[str]()
    for origin, completeness in judged:
        verdicts.add(Verdict.INCOMPLETE if origin.misfits else completeness.verdict())
        found = [*origin.misfits, *(each.sentence for each in completeness.findings())]
        said += found if len(judged) == 1 else [f"{origin.name}: {each}" for each in found]
    return Gaps(
        next(each for each in _WORST_FIRST if each in verdicts),
        tuple(clean(each, 500) for each in said[:_MOST_FINDINGS]),
        max(0, len(said) - _MOST_FINDINGS),
        tuple(_note(raw, redact) for raw in gathered.notes),
        gathered.deaths,
        tuple(_problem(name, record, redact) for name, record in gathered.problems),
        gathered.problem_count - len(gathered.problems),
    )


def _note(raw: bytes, redact: Redact | None) -> Note:
    record = orjson.loads(raw)
    record = redact(record) if redact else record
    return Note(ms_of(record.get("ts")), clean(record.get("message"), 500))


def _problem(name: str, record: Record, redact: Redact | None) -> Problem:
    told = redact(record) if redact else record
    where = f"byte {record.offset:,} of {clean(name, 100)}"
    return Problem(text(told, "problem"), where, clean(told.get("line")))
