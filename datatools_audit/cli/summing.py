"""A summary as a person reads it: text for a terminal, or Markdown for a ticket."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from datatools_audit.cli.listing import plain
from datatools_audit.reading.steps import clock
from datatools_audit.reading.wording import clean, count, duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from datatools_audit.support.summary import Summary

MOST_SHOWN = 10
_MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a summary: its heading and its lines; how many more there are."""

    heading: str
    lines: tuple[str, ...]
    more: int = 0


def sections(summary: Summary) -> Iterator[Section]:
    """Yield the parts of a summary in the order in which they are read; empty ones are left out."""
    yield Section("What is there", tuple(_whole(summary)))
    parts: tuple[tuple[str, Iterable[str]], ...] = (
        ("Pages", _pages(summary)),
        ("Errors", _errors(summary)),
        ("Sessions, those with the most errors first", _sessions(summary)),
        ("Actions and runs, the slowest first", _works(summary)),
        ("Hangs", _hangs(summary)),
    )
    for heading, lines in parts:
        told = tuple(lines)
        if told:
            yield Section(heading, told[:MOST_SHOWN], max(0, len(told) - MOST_SHOWN))
    yield Section("Findings", tuple(_findings(summary)) or ("Nothing of what is known.",))


def as_text(summary: Summary) -> Iterator[str]:
    """Yield the lines for a terminal."""
    for section in sections(summary):
        yield click.style(section.heading, bold=True)
        yield from (f"  {line}" for line in section.lines)
        if section.more:
            yield f"  … and {section.more:,} more; --json has them"
        yield ""


def as_markdown(summary: Summary) -> Iterator[str]:
    """Yield the lines for a ticket; what is foreign shows as it is."""
    for section in sections(summary):
        yield f"### {section.heading}"
        yield ""
        yield from (f"- {plain(line)}" for line in section.lines)
        if section.more:
            yield f"- … and {section.more:,} more"
        yield ""


def _whole(summary: Summary) -> Iterator[str]:
    facts = summary.facts
    levels = ", ".join(f"{n:,} {clean(level, 20)}" for level, n in summary.levels.items())
    yield f"{_count(facts['events'], 'record')}{f' ({levels})' if levels else ''}"
    if facts["began"]:
        yield f"from {_time(facts['began'])} to {_time(facts['ended'])} UTC"
    sessions = _count(facts["sessions"], "session")
    yield f"{sessions}, {_count(facts['processes'], 'process', 'processes')}"
    for app in summary.apps[:MOST_SHOWN]:
        version = f" {clean(app.version, 40)}" if app.version else ""
        streamlit = f" on Streamlit {clean(app.streamlit, 40)}" if app.streamlit else ""
        yield f"{clean(app.app, 80)}{version}{streamlit}: {count(app.sessions, 'session')}"
    yield from _lacks(summary)


def _lacks(summary: Summary) -> Iterator[str]:
    facts = summary.facts
    said = {
        "dropped": ("record was dropped", "records were dropped"),
        "lost": ("record is lost", "records are lost"),
        "recovered": ("record was recovered", "records were recovered"),
        "doubled": ("record is there twice", "records are there twice"),
        "outages": ("outage of the disk", "outages of the disk"),
        "problems": ("line is no record", "lines are no record"),
    }
    told = [_count(facts[name], *words) for name, words in said.items() if facts[name]]
    missing = int(facts["not_here"] or 0) - int(facts["dropped"] or 0)
    if missing > 0:
        is_part = facts["is_part"]
        reason = " (of other sessions, of another time, or lost)" if is_part else ""
        told.append(f"{count(missing, 'number is', 'numbers are')} missing{reason}")
    yield ", ".join(told) if told else "nothing is missing between the first and the last"


def _pages(summary: Summary) -> Iterator[str]:
    for page in summary.pages:
        events, sessions = count(page.events, "record"), count(page.sessions, "session")
        yield f"{clean(page.page, 80)}: {events}, {sessions}, {count(page.errors, 'error')}"


def _errors(summary: Summary) -> Iterator[str]:
    for group in summary.errors:
        place = f" in {clean(group.frames[-1], _MOST_TEXT)}" if group.frames else ""
        times = f"{count(group.count, 'time')}, {count(len(group.sessions), 'session')}"
        codes = f", as {', '.join(clean(code, 20) for code in group.codes[:2])}"
        said = f": {clean(group.message, _MOST_TEXT)}"
        yield f"{clean(group.exc_type, 80)}{place}, {times}{codes if group.codes else ''}{said}"


def _sessions(summary: Summary) -> Iterator[str]:
    for each in summary.sessions:
        times = f"{_time(each.first)} to {_time(each.last)}"
        told = f"{count(each.events, 'record')}, {count(each.errors, 'error')}"
        yield f"{clean(each.session, 20)}: {times}, {told}"


def _works(summary: Summary) -> Iterator[str]:
    for work in summary.works:
        parts = [count(work.times, "time")]
        if work.longest_ms is not None:
            spans = (work.median_ms, work.p95_ms, work.longest_ms)
            median, p95, longest = (duration(span) or "no time" for span in spans)
            parts.append(f"median {median}, 95 % within {p95}, longest {longest}")
        for number, word in (
            (work.failed, "failed"),
            (work.interrupted, "interrupted"),
            (work.without_end, "without an end"),
        ):
            parts += [f"{number:,} {word}"] * bool(number)
        yield f"{clean(work.name, 80)}: {', '.join(parts)}"


def _hangs(summary: Summary) -> Iterator[str]:
    for hang in summary.hangs:
        page = f" on {clean(hang.page, 80)}" if hang.page else ""
        session = clean(hang.session, 20)
        yield f"{_time(hang.ts)} {session}{page}: {clean(hang.message, _MOST_TEXT)}"


def _findings(summary: Summary) -> Iterator[str]:
    for finding in summary.findings:
        advice = f" {clean(finding.advice, 400)}" if finding.advice else ""
        yield f"{clean(finding.sentence, 400)}{advice}"


def _count(value: object, one: str, many: str = "") -> str:
    return count(int(value), one, many) if isinstance(value, int) else f"no {many or one}"


def _time(ts: object) -> str:
    text = clean(ts, 30)
    return f"{text[:10]} {clock(text[:19] + '+00:00', datetime.UTC)}" if text else "an unknown time"
