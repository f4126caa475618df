"""What went wrong: errors by type and place, hangs by place, and what people have reported."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.reading.wording import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from datatools_audit.support.report.shown import Session, Shown

STEPS_BEFORE = 20
MOST_INCIDENTS = 50
MOST_PLACES = 20
_MOST_TITLE = 80
_MOST_FRAMES = 30
_FRAME = re.compile(r'^(?:  \| )*  File "([^"\n]*)", line \d+,? in ([^\n]*)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a session: where something went wrong."""

    session: Session
    step: Shown


@dataclass(slots=True)
class Incident:
    """Errors of one type from one place in the app, hangs at one place, or a person's report.

    Attributes:
        title: The exception's type; of an error without one, its words; of a hang, where it stood;
            of a report, how its words begin.
        frames: The app's frames, outermost first: ``pages/analyze.py, draw``.
        newest: The newest.
        count: How often.
        first_ms: When first, milliseconds since the epoch; None where that is unknown.
        last_ms: When last.
        sessions: The ids of whose it was.
        codes: Support codes, the newest first; 20 at most.
        places: The newest, the newest first; 20 at most.
        words: The newest in words, behind the title; of a report all of its words where the title
            has not room for them.
        about: Of a report the support code of the error that it is about; or empty.
        about_words: That error in words; empty where it is not among the steps.
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
    words: str = ""
    about: str = ""
    about_words: str = ""

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
    return _grouped((place for place in _newest_first(sessions) if place.step.is_error), _of_error)


def hangs(sessions: Sequence[Session]) -> list[Incident]:
    """Return the hangs by where they stood, the most frequent first."""
    hung = (place for place in _newest_first(sessions) if place.step.category == "hang")
    return _grouped(hung, _of_hang)


def reports(sessions: Sequence[Session]) -> list[Incident]:
    """Return what people have reported, the newest first."""
    by_code = {code: step for each in sessions for step in each.steps for code in step.codes}
    found = []
    for place in _newest_first(sessions):
        step = place.step
        if step.category != "report":
            continue
        title, words = step.subject or step.text, ""
        if step.said and step.said != title[1:-1]:
            title, words = f"“{clean(step.said, _MOST_TITLE)}”", step.said
        error = by_code.get(step.about)
        about_words = error.text if error else ""
        incident = Incident(
            title, (), place, words=words, about=step.about, about_words=about_words
        )
        incident.add(place)
        found.append(incident)
    return found


def _grouped(
    places: Iterable[Place], of_first: Callable[[Shown, tuple[str, ...]], tuple[str, str]]
) -> list[Incident]:
    """Return places by title and the app's frames; ``of_first`` gives title and words."""
    found: dict[tuple[str, tuple[str, ...]], Incident] = {}
    for place in places:
        where = frames(place.step.traceback)
        title, words = of_first(place.step, where)
        incident = found.get((title, where))
        if incident is None:
            incident = found[title, where] = Incident(title, where, place, words=words)
        incident.add(place)
    return sorted(found.values(), key=lambda each: (-each.count, each.title, each.frames))


def _of_error(step: Shown, _where: tuple[str, ...]) -> tuple[str, str]:
    title = step.exc_type or " ".join(filter(None, [step.verb, step.subject]))
    return title, step.text.removeprefix(title).removeprefix(":").strip()


def _of_hang(step: Shown, where: tuple[str, ...]) -> tuple[str, str]:
    return (f"Hung in {where[-1]}" if where else "Hung"), step.text


def frames(traceback: str) -> tuple[str, ...]:
    """Return the app's frames in a traceback, without the lines' numbers."""
    told = [f"{file}, {function}" for file, function in _FRAME.findall(traceback)]
    return tuple(clean(each) for each in told[-_MOST_FRAMES:])


def _newest_first(sessions: Sequence[Session]) -> list[Place]:
    places = [
        Place(session, step)
        for session in sessions
        for step in session.steps
        if step.is_error or step.category in ("hang", "report")
    ]
    return sorted(places, key=lambda each: each.step.ms or 0, reverse=True)
