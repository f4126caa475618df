"""From the records of a session to numbered steps, as the person at the app would tell them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.reading import deeds, doings
from datatools_audit.reading.beyond import look_ahead
from datatools_audit.reading.folding import folded
from datatools_audit.reading.ordering import ordered, text
from datatools_audit.reading.story import Story
from datatools_audit.reading.wording import Phrase, clean, duration
from datatools_audit.record.levels import LEVELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from datatools_audit.reading.drafts import Draft

    Record = Mapping[str, object]

_MOST_TRACEBACK = 20_000
_TRACED = frozenset({"error", "crash", "hang", "log"})
_TIMES = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    ``verb`` and ``rest`` are our words; ``subject`` is what the app, a person or a library has
    called it, and ``rest`` may quote such: show all three as text, never as Markdown or HTML.
    All are one line without controls.

    Attributes:
        number: From 1 on.
        ts: When it began, as the record says it; empty where that is unknown.
        verb: ``uploaded``; may be empty.
        subject: ``customers.csv``; may be empty.
        rest: ``, 24.8 kB``, to be put right behind the subject; may be empty.
        depth: How many actions it is inside of.
        times: How many equal steps it stands for, in a row or in blocks that repeat.
        gap_seconds: Seconds since the last thing that happened before it.
        duration_ms: How long it took, milliseconds, of several all together; None for a moment.
        level: The level of its worst record, or ``warning`` for what should have ended.
        records: What it is made of.
        traceback: Of an error or a hang: the app's files, lines and functions; or empty.
        code: Its support code, of several the last one; or empty.
    """

    number: int
    ts: str
    verb: str
    subject: str
    rest: str
    depth: int
    times: int
    gap_seconds: float
    duration_ms: float | None
    level: str
    records: tuple[Record, ...]
    traceback: str
    code: str

    @property
    def text(self) -> str:
        """The step as one plain sentence, without its time and its code."""
        named = " ".join(filter(None, [self.verb, self.subject]))
        return named + (f" {_TIMES}{self.times}" if self.times > 1 else "") + self.rest

    @property
    def codes(self) -> tuple[str, ...]:
        """Every support code in it: several equal errors have one each."""
        return tuple(filter(None, map(_code, self.records)))


def steps(
    records: Iterable[Record],
    *,
    alive: Collection[str] = (),
    dead: Collection[str] = (),
    is_cut: bool = False,
) -> list[Step]:
    """Return what happened, step by step.

    An action is one step, made of its start and end. Equal steps in a row are one step, and of
    equal blocks of up to twelve each step stands for all, unless more than a minute lies
    between; see ``folding``. Runs of the script are told only where something is wrong.
    A record that is there twice is told once.

    Args:
        records: As ``read_events`` gives them, in any order; as a rule those of one session.
        alive: The ``proc`` of processes that still run: what is open there may yet end.
        dead: Those that are known to run no more, besides what the records say themselves.
        is_cut: Whether they end before the log does: what is open there may end behind them.

    Never raises, whatever the records hold.
    """
    told = ordered(records)
    story = Story(look_ahead(told, alive, dead), is_cut=is_cut)
    for record in told:
        story.hear(record)
    return [_step(number, drafts) for number, drafts in enumerate(folded(story.drafts()), start=1)]


def before(all_steps: Sequence[Step], number: int, count: int = 20) -> list[Step]:
    """Return the last steps before the one of that number, at most so many."""
    return [step for step in all_steps if step.number < number][-count:] if count > 0 else []


def clock(ts: str, zone: datetime.tzinfo | None = None) -> str:
    """Return the clock time of a ``ts``, ``14:02:11``; of what is none the text, cut.

    Args:
        ts: As a record or a step has it.
        zone: In which time zone; None for this machine's.
    """
    try:
        found = datetime.datetime.fromisoformat(ts)
        found = found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
        return found.astimezone(zone).strftime("%H:%M:%S")
    except (TypeError, ValueError, OverflowError, OSError):
        return clean(ts, 30)


def _step(number: int, drafts: list[Draft]) -> Step:
    first, last = drafts[0], drafts[-1]
    phrase, took, level = last.phrase, last.duration_ms, last.level
    if len(drafts) > 1:
        spans = [draft.duration_ms for draft in drafts if draft.duration_ms is not None]
        took = round(sum(spans), 3) if spans else None
        level = max((draft.level for draft in drafts), key=_rank)
        phrase = _folded_phrase(drafts, took)
    trace = _trace(last.records) if last.kind.name in _TRACED else ""
    return Step(
        number,
        first.ts,
        *phrase,
        first.depth,
        len(drafts),
        first.gap,
        took,
        level if level in LEVELS else "info",
        tuple(record for draft in drafts for record in draft.records),
        trace,
        next(filter(None, map(_code, reversed(last.records))), ""),
    )


def _folded_phrase(drafts: list[Draft], took: float | None) -> Phrase:
    last = drafts[-1]
    end = last.records[-1]
    if last.kind.name == "widget" and "old" in end:
        return deeds.widget(end, drafts[0].records[0])
    if last.kind.name == "action-ended":
        said, is_told = doings.own_extras(end), last.error_is_told
        return doings.action(end, extras=said, milliseconds=took, told=is_told, times=len(drafts))
    if last.kind.name == "session-resumed" and took is not None:
        return last.phrase._replace(rest=f" after {duration(took)} in all")
    return last.phrase


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 1


def _trace(records: list[Record]) -> str:
    for record in records:
        found = text(record, "traceback") or text(record, "stack")
        if found:
            return _shown(found[-_MOST_TRACEBACK:])
    return ""


def _shown(trace: str) -> str:
    """Return lines without what no screen shows."""
    if trace.replace("\n", "").isprintable():
        return trace
    return "".join(c if c.isprintable() or c == "\n" else " " for c in trace)


def _code(record: Record) -> str:
    return clean(record.get("support_code"), 20)
