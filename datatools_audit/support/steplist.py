"""The steps.txt of a bundle: what happened in each session, step by step, in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.reading.lives import Lives
from datatools_audit.reading.ordering import text
from datatools_audit.reading.reader import records_in
from datatools_audit.reading.steps import steps
from datatools_audit.reading.wording import count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from datatools_audit.reading.steps import Step

    Lines = list[bytes]

MOST_STEPS = 2_000
_MOST_TEXT = 1_000
_MOST_CODES = 20
_EVENTS = Path("events.jsonl")
_HEAD = "What happened, step by step; times are UTC. It is made of events.jsonl, and has no more.\n"


def step_list(events_jsonl: bytes, most_steps: int = MOST_STEPS) -> str:
    """Return the steps of each session, the newest of all sessions if there are too many.

    Args:
        events_jsonl: The bundle's, redacted.
        most_steps: At most so many.

    The sessions come by their first line, as in events.jsonl. What is recorded stands in one
    line each, without controls. Never raises because of what was recorded.
    """
    lives, lines, last = Lives(), dict[str, list[bytes]](), dict[str, str]()
    for record in records_in(events_jsonl, _EVENTS):
        session = text(record, "session")
        lives.note(record)
        lines.setdefault(session, []).append(record.raw)
        last[session] = max(last.get(session, ""), text(record, "ts"))
    told, left = dict[str, list[str]](), most_steps
    for session in sorted(lines, key=lambda each: last[each], reverse=True):
        if left <= 0:
            break
        found = _steps(lines[session], lives.dead())
        told[session] = list(_told(session, found, max(0, len(found) - left)))
        left -= len(found)
    body = [line for session in lines for line in told.get(session, ())]
    if missing := len(lines) - len(told):
        body = ["", f"Older, and only in events.jsonl: {count(missing, 'session')}.", *body]
    return _HEAD + "".join(f"{line}\n" for line in body or ["", "There are none."])


def _steps(lines: Lines, dead: Collection[str]) -> list[Step]:
    return steps(records_in(b"".join(lines), _EVENTS), dead=dead)


def _told(session: str, found: list[Step], first: int) -> Iterator[str]:
    yield ""
    yield f"Session {session}, {count(len(found), 'step')}"
    if first:
        yield f"(the first {count(first, 'step')} left out)"
    day = ""
    for step in found[first:]:
        if step.ts[:10] != day and step.ts:
            day = step.ts[:10]
            yield day
        codes = "".join(f"  {code}" for code in step.codes[-_MOST_CODES:])
        said = step.text[:_MOST_TEXT]
        yield f"{step.number:>5}  {step.ts[11:19]:8}  {'  ' * step.depth}{said}{codes}".rstrip()
