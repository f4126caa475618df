"""Steps as a person reads them: lines of text, Markdown for a ticket, or JSON."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import click

from datatools_audit.reading.steps import clock
from datatools_audit.reading.wording import clean, count, duration
from datatools_audit.record import strict
from datatools_audit.record.levels import ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import tzinfo

    from datatools_audit.reading.steps import Step

LONG_GAP_SECONDS = 10.0
_COLOURS = {"error": "red", "critical": "magenta", "warning": "yellow"}
_ACTS = re.compile(r"([\\`*_{}\[\]<>()#!|~$@&])")
_INDENT = "  "
_DAY = len("2026-05-19")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the steps of a session.

    Attributes:
        session: Its id.
        app: Name and version of the app; or empty.
        first: The ``ts`` of its first record; empty where that is not known.
        last: Of its last.
        events: How many records; 0 where that is not known.
        errors: How many of them are errors; likewise.
        zone: In which all times are shown.
    """

    session: str
    app: str
    first: str
    last: str
    events: int
    errors: int
    zone: tzinfo

    @property
    def told(self) -> str:
        """Its words, without the id."""
        app = f"{clean(self.app)}, " if self.app else ""
        errors = f", {count(self.errors, 'error')}" if self.errors else ""
        events = f", {count(self.events, 'event')}" if self.events else ""
        return f"{app}{self._times()}{events}{errors}"

    def _times(self) -> str:
        first, last = (
            f"{day(ts, self.zone)} {clock(ts, self.zone)}" for ts in (self.first, self.last)
        )
        if first[:_DAY] == last[:_DAY]:
            last = last[_DAY + 1 :]
        told = f"{first} to {last}" if self.first else f"until {last}"
        return f"{told} {self.zone.tzname(None) or ''}".rstrip()


class _WritesSteps(Protocol):
    def __call__(
        self, steps: Sequence[Step], heading: Heading, *, traced: bool
    ) -> Iterator[str]: ...


@dataclass(frozen=True, slots=True)
class Listing:
    """One way to write sessions and their steps.

    Attributes:
        heading: Writes what stands above a session.
        steps: Writes some of its steps, given the zone and whether tracebacks are wanted. The
            number 0 is none.
    """

    heading: Callable[[Heading], Iterator[str]]
    steps: _WritesSteps


def day(ts: str, zone: tzinfo) -> str:
    """Return the date of a ``ts`` in a zone; of what is none the text, cut."""
    try:
        return datetime.datetime.fromisoformat(ts).astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return clean(ts, 10)


def _text_heading(heading: Heading) -> Iterator[str]:
    yield click.style(f"Session {clean(heading.session)}", bold=True) + f"  {heading.told}"


def _text_steps(steps: Sequence[Step], heading: Heading, *, traced: bool) -> Iterator[str]:
    for step in steps:
        if step.gap_seconds >= LONG_GAP_SECONDS:
            said = f"{duration(step.gap_seconds * 1000)} later"
            yield click.style(f"{'':16}{said}", dim=True)
        head = f"{step.number or '':>4}  {clock(step.ts, heading.zone):8}  "
        told = _INDENT * step.depth + step.text
        told = click.style(told, fg=_COLOURS.get(step.level), bold=step.level in ERRORS)
        yield "  ".join([head + told, *step.codes])
        if traced and step.traceback:
            for line in step.traceback.splitlines():
                yield f"{'':18}{line}"


def _markdown_heading(heading: Heading) -> Iterator[str]:
    yield f"### Session {_as_code(heading.session)}"
    yield ""
    yield plain(heading.told)
    yield ""


def _markdown_steps(steps: Sequence[Step], heading: Heading, *, traced: bool) -> Iterator[str]:
    for step in steps:
        gap = ""
        if step.gap_seconds >= LONG_GAP_SECONDS:
            gap = f"*({duration(step.gap_seconds * 1000)} later)* "
        told = plain(step.text)
        told = f"**{told}**" if step.level in ERRORS else told
        codes = "".join(f" {_as_code(code)}" for code in step.codes)
        indent = _INDENT * step.depth
        mark = f"{step.number}." if step.number else "-"
        yield f"{indent}{mark} {gap}`{clock(step.ts, heading.zone)}` {told}{codes}"
        if traced and step.traceback:
            yield from _fenced(step.traceback, indent + "   ")


def _as_code(word: str) -> str:
    return f"`{clean(word).replace('`', ' ') or ' '}`"


def _fenced(block: str, indent: str) -> Iterator[str]:
    longest = max((len(run) for run in re.findall("`+", block)), default=0)
    fence = "`" * max(3, longest + 1)
    for line in ("", fence + "text", *block.splitlines(), fence, ""):
        yield f"{indent}{line}".rstrip()


def plain(text: str) -> str:
    """Return a foreign text so that Markdown shows it as it is."""
    return _ACTS.sub(r"\\\1", text)


def _json_steps(
    steps: Sequence[Step],
    heading: Heading,
    *,
    traced: bool,  # noqa: ARG001 -- JSON has it always
) -> Iterator[str]:
    names = ("ts", "text", "verb", "subject", "rest", "depth", "times", "gap_seconds")
    for step in steps:
        told = {"session": heading.session, "number": step.number or None}
        told |= {name: getattr(step, name) for name in names}
        told |= {name: getattr(step, name) for name in ("duration_ms", "level", "codes")}
        told["traceback"] = step.traceback
        yield strict.escaped(strict.dumps(told)).decode()


TEXT = Listing(_text_heading, _text_steps)
MARKDOWN = Listing(_markdown_heading, _markdown_steps)
JSON = Listing(lambda _heading: iter(()), _json_steps)
