"""``show``: what a person did, step by step, in plain words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from datatools_audit.cli.files import FILES, given, progress, records
from datatools_audit.cli.listing import JSON, MARKDOWN, TEXT, Heading, Listing
from datatools_audit.errors import ReadError
from datatools_audit.reading.index import Index, zone_of
from datatools_audit.reading.ordering import text
from datatools_audit.reading.steps import before, steps
from datatools_audit.reading.tail import last_records
from datatools_audit.reading.trees import trees

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datatools_audit.reading.index import IndexedSession
    from datatools_audit.reading.inputs import Input
    from datatools_audit.reading.reader import Record
    from datatools_audit.reading.steps import Step

_BEFORE, _BEHIND = 20, 5


@click.command(
    epilog="""\b
Examples:
  datatools-audit show                          today's log
  datatools-audit show bundle.zip --around E-7K3F9Q
  datatools-audit show ~/.datatools/logs --last 50
  datatools-audit show log.jsonl --errors --markdown > ticket.md"""
)
@FILES
@click.option("--session", metavar="ID", help="Only this session.")
@click.option("--tree", is_flag=True, help="The actions, nested, with outcome and duration.")
@click.option("--errors", is_flag=True, help="Only the errors, with their tracebacks.")
@click.option(
    "--around", metavar="CODE", help="The 20 steps before the error of that support code, and it."
)
@click.option(
    "--last", type=click.IntRange(min=1), metavar="N", help="The last N steps; quick on any log."
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each step.")
@click.option("--markdown", is_flag=True, help="For a ticket; everything foreign is escaped.")
def show(
    files: Sequence[str],
    *,
    session: str | None,
    tree: bool,
    errors: bool,
    around: str | None,
    last: int | None,
    as_json: bool,
    markdown: bool,
) -> None:
    """Show what was done, step by step, in plain words.

    FILE is a log, a support bundle, a folder of logs, or - for standard input; today's log
    without it. Times are those of the machine that the app ran on.
    """
    if as_json + markdown + tree > 1:
        raise click.UsageError("choose one of --json, --markdown and --tree")
    listing = JSON if as_json else MARKDOWN if markdown else TEXT
    with given(files, plain=True) as found:
        if last and not (tree or errors or around):
            _echo(_newest(found, last, session, listing))
            return
        index = Index(records(found))
        chosen = _chosen(index, session)
        if around:
            _echo(_around(index, chosen, around, listing))
        elif tree:
            _echo(_trees(index, chosen))
        else:
            _echo(_all(index, chosen, listing, errors=errors, last=last))


def _echo(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _chosen(index: Index, session: str | None) -> list[IndexedSession]:
    if session is None:
        return index.sessions
    found = index.get(session)
    if found is None:
        known = ", ".join(each.session for each in index.sessions[-10:])
        raise ReadError(f"there is no session {session!a}; the newest are {known or 'none'}")
    return [found]


def _one_by_one(chosen: Sequence[IndexedSession]) -> Iterator[IndexedSession]:
    """Yield sessions to be told, with a bar where their steps go elsewhere than to the terminal."""
    total = 0 if sys.stdout.isatty() else sum(map(len, chosen))
    with progress(total, "Telling") as advance:
        for session in chosen:
            yield session
            advance(len(session))


def _steps_of(index: Index, session: IndexedSession) -> list[Step]:
    return steps(index.records(session), dead=index.dead)


def _heading(session: IndexedSession) -> Heading:
    return Heading(
        session.session,
        session.app,
        session.first,
        session.last,
        session.events,
        session.errors,
        session.zone,
    )


def _all(
    index: Index,
    chosen: Sequence[IndexedSession],
    listing: Listing,
    *,
    errors: bool,
    last: int | None,
) -> Iterator[str]:
    is_first = True
    for session in _one_by_one(chosen):
        if errors and not session.errors:
            continue
        told = _steps_of(index, session)
        told = [step for step in told if step.traceback or step.code] if errors else told
        if not told:
            continue
        yield from () if is_first or listing is JSON else ("",)
        is_first = False
        yield from listing.heading(_heading(session))
        yield from listing.steps(told[-last:] if last else told, _heading(session), traced=errors)
    if is_first and listing is not JSON:
        yield "No error is in it." if errors else "No step is in it."
    if index.problems:
        click.echo(f"{len(index.problems):,} lines are no whole records; see `verify`.", err=True)


def _around(
    index: Index, chosen: Sequence[IndexedSession], code: str, listing: Listing
) -> Iterator[str]:
    wanted = code.strip().upper()
    session = next((each for each in chosen if wanted in each.codes), None)
    if session is None:
        raise ReadError(f"no record has the support code {code!a}")
    told, heading = _steps_of(index, session), _heading(session)
    at = next((step.number for step in told if wanted in step.codes), len(told))
    yield from listing.heading(heading)
    for step in before(told, at, _BEFORE) + told[at - 1 : at + _BEHIND]:
        yield from listing.steps([step], heading, traced=step.number == at)


def _trees(index: Index, chosen: Sequence[IndexedSession]) -> Iterator[str]:
    is_first = True
    for session in _one_by_one(chosen):
        drawn = list(trees(index.records(session), session.zone))
        if drawn:
            yield from () if is_first else ("",)
            is_first = False
            yield from TEXT.heading(_heading(session))
            yield from drawn
    if is_first:
        yield "No action is in it."


def _newest(
    found: Sequence[Input], last: int, session: str | None, listing: Listing
) -> Iterator[str]:
    """Tell the last steps of all files together, each file read from its end."""

    def of_interest(some: Sequence[Record]) -> list[Record]:
        return [each for each in some if session in (None, text(each, "session"))]

    several: list[Record] = []
    for each in found:
        several += last_records(each.path, lambda some: len(steps(of_interest(some))) > last)
    if several and all(record.problem for record in several):
        raise ReadError(f"{', '.join(e.name for e in found)}: no record of DataTools Audit in it")
    told = steps(of_interest(several))[-last:]
    if not told:
        yield from () if listing is JSON else ("No step is in it.",)
        return
    of_session = ""
    for step in told:
        whose = text(step.records[0], "session")
        if whose != of_session:
            of_session = whose
            heading = _heading_of(several, whose)
            yield from listing.heading(heading)
        yield from listing.steps([step], heading, traced=False)


def _heading_of(several: Sequence[Record], session: str) -> Heading:
    own = [record for record in several if text(record, "session") == session]
    moments = [text(record, "ts") for record in own] or [""]
    banner = next((r for r in own if r.get("category") == "session" and "app" in r), None)
    app = " ".join(filter(None, [text(banner, "app"), text(banner, "version")])) if banner else ""
    zone = zone_of(text(banner, "timezone")) if banner else zone_of("")
    return Heading(session, app, min(moments), max(moments), 0, 0, zone)
