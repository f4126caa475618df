"""What went wrong: errors by type and place in the app, and what people have reported."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.reading.wording import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.support.report.shown import Session, Shown

STEPS_BEFORE = 20
MOST_INCIDENTS = 50
MOST_PLACES = 20
_MOST_FRAMES = 30
_FRAME = re.compile(r'^(?:  \| )*  File "([^"\n]*)", line \d+,? in ([^\n]*)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a session: where something went wrong."""

    session: Session
    step: Shown


@dataclass(slots=True)
class Incident:
    """Errors of one type from one place in the app, or one report of a person.

    Attributes:
        title: The exception's type; of an error without one, or of a report, its words.
        frames: The app's frames, outermost first: ``pages/analyze.py, draw``.
        newest: The newest.
        count: How often.
        first_ms: When first, milliseconds since the epoch; None where that is unknown.
        last_ms: When last.
        sessions: The ids of whose it was.
        codes: Support codes, the newest first; 20 at most.
        places: The newest, the newest first; 20 at most.
    """

    title: str
    frames: tuple[str, ...]
    newest: Place
    count: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    sessions: set[str] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The newest in words, behind the title."""
        said = self.newest.step.text
        return said.removeprefix(self.title).removeprefix(": ")

    @property
    def before(self) -> Sequence[Shown]:
        """The 20 steps before the newest."""
        number = self.newest.step.number
        return self.newest.session.steps[max(0, number - 1 - STEPS_BEFORE) : number - 1]

    def add(self, place: Place) -> None:
        """Take the next one into account; the newest come first."""
        step = place.step
        self.count += step.times
        self.sessions.add(place.session.session)
        if step.ms is not None:
            self.first_ms = step.ms if self.first_ms is None else min(self.first_ms, step.ms)
            self.last_ms = step.ms if self.last_ms is None else max(self.last_ms, step.ms)
        if len(self.places) < MOST_PLACES:
            self.places.append(place)
            self.codes = [*self.codes, *reversed(step.codes)][:MOST_PLACES]


def errors(sessions: Sequence[Session]) -> list[Incident]:
    """Return the errors by type and the app's frames, the most frequent first."""
    found: dict[tuple[str, tuple[str, ...]], Incident] = {}
    for place in _newest_first(sessions):
        step = place.step
        if step.is_error:
            title = step.exc_type or " ".join(filter(None, [step.verb, step.subject]))
            key = title, frames(step.traceback)
            found.setdefault(key, Incident(*key, place)).add(place)
    return sorted(found.values(), key=lambda each: (-each.count, each.title, each.frames))


def reports(sessions: Sequence[Session]) -> list[Incident]:
    """Return what people have reported, the newest first."""
    found = []
    for place in _newest_first(sessions):
        if place.step.category == "report":
            found.append(Incident(place.step.text, (), place))
            found[-1].add(place)
    return found


def frames(traceback: str) -> tuple[str, ...]:
    """Return the app's frames in a traceback, without the lines' numbers."""
    told = [f"{file}, {function}" for file, function in _FRAME.findall(traceback)]
    return tuple(clean(each) for each in told[-_MOST_FRAMES:])


def _newest_first(sessions: Sequence[Session]) -> list[Place]:
    places = [
        Place(session, step)
        for session in sessions
        for step in session.steps
        if step.is_error or step.category == "report"
    ]
    return sorted(places, key=lambda each: each.step.ms or 0, reverse=True)
