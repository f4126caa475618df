"""``show``: what a person did, step by step, in plain words."""

from __future__ import annotations

import sys
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import click

from datatools_audit.cli.files import FILES, given, progress, records, tell_problems
from datatools_audit.cli.listing import JSON, MARKDOWN, TEXT, Heading, Listing
from datatools_audit.cli.newest import newest
from datatools_audit.errors import ReadError
from datatools_audit.reading.index import Index
from datatools_audit.reading.steps import before, steps
from datatools_audit.reading.trees import trees
from datatools_audit.reading.wording import clean, count
from datatools_audit.record.levels import ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datatools_audit.reading.index import IndexedSession
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
@click.option(
    "--errors", is_flag=True, help="Only errors, hangs and reports, with their tracebacks."
)
@click.option(
    "--around", metavar="CODE", help="The 20 steps before the error of that support code, and it."
)
@click.option(
    "--last", type=click.IntRange(min=1), metavar="N", help="The last N; quick on any log."
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
    _refuse_both("--json, --markdown and --tree", as_json, markdown, tree)
    _refuse_both("--tree, --around and --errors", tree, around, errors)
    _refuse_both("--tree, --around and --last", tree, around, last)
    listing = JSON if as_json else MARKDOWN if markdown else TEXT
    with given(files, plain=True) as found:
        if last and not errors:
            _echo(newest(found, last, session, listing))
            return
        index = Index(records(found))
        chosen = _chosen(index, session)
        if around:
            _echo(_around(index, chosen, around, listing))
        elif tree:
            _echo(_trees(index, chosen))
        elif last:
            _echo(_last_errors(index, chosen, listing, last))
        else:
            _echo(_all(index, chosen, listing, errors=errors))
        tell_problems(len(index.problems))


def _refuse_both(names: str, *given: object) -> None:
    if sum(map(bool, given)) > 1:
        raise click.UsageError(f"choose one of {names}")


def _echo(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _chosen(index: Index, session: str | None) -> list[IndexedSession]:
    if session is None:
        return index.sessions
    found = index.get(session)
    if found is None:
        known = ", ".join(clean(each.session) for each in index.sessions[-10:])
        raise ReadError(f"there is no session {session!a}; the newest are {known or 'none'}")
    return [found]


def _one_by_one(chosen: Sequence[IndexedSession]) -> Iterator[IndexedSession]:
    """Yield sessions to be told, with a bar where their steps go elsewhere than to the terminal."""
    total = 0 if sys.stdout.isatty() else sum(map(len, chosen))
    with progress(total, "Telling") as advance:
        for session in chosen:
            yield session
            advance(len(session))


def _records_of(index: Index, session: IndexedSession) -> list[Record]:
    if session.left_out:
        said = count(session.left_out, "record is", "records are")
        name = clean(session.session)
        click.echo(f"Session {name}: the oldest {said} not told, nor numbered.", err=True)
    return index.records(session)


def _steps_of(index: Index, session: IndexedSession) -> list[Step]:
    return steps(_records_of(index, session), dead=index.dead)


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
) -> Iterator[str]:
    is_first = True
    for session in _one_by_one(chosen):
        told = [step for step in _steps_of(index, session) if not errors or _is_error(step)]
        if not told:
            continue
        yield from () if is_first or listing is JSON else ("",)
        is_first = False
        yield from listing.heading(_heading(session))
        yield from listing.steps(told, _heading(session), traced=errors)
    if is_first and listing is not JSON:
        yield "No error is in it." if errors else "No step is in it."


def _last_errors(
    index: Index, chosen: Sequence[IndexedSession], listing: Listing, last: int
) -> Iterator[str]:
    found = [
        (step.ts, session, step)
        for session in chosen
        for step in _steps_of(index, session)
        if _is_error(step)
    ]
    found.sort(key=itemgetter(0))
    for session, some in groupby(found[-last:], itemgetter(1)):
        yield from listing.heading(_heading(session))
        yield from listing.steps([step for *_, step in some], _heading(session), traced=True)
    if not found and listing is not JSON:
        yield "No error is in it."


def _is_error(step: Step) -> bool:
    """Tell whether something went wrong there: an error, a hang, what a person has reported."""
    is_told = any(record.get("level") in ERRORS for record in step.records)
    return is_told or bool(step.traceback or step.codes)


def _around(
    index: Index, chosen: Sequence[IndexedSession], code: str, listing: Listing
) -> Iterator[str]:
    wanted = code.strip().upper()
    session = next((each for each in chosen if wanted in each.codes), None)
    if session is None:
        raise ReadError(f"no record has the support code {code!a}")
    told, heading = _steps_of(index, session), _heading(session)
    at = next((step.number for step in told if wanted in step.codes), None)
    if at is None:
        raise ReadError(f"{code!a} is among the oldest records of its session; ask for it by `sql`")
    yield from listing.heading(heading)
    for step in before(told, at, _BEFORE) + told[at - 1 : at + _BEHIND]:
        yield from listing.steps([step], heading, traced=step.number == at)


def _trees(index: Index, chosen: Sequence[IndexedSession]) -> Iterator[str]:
    is_first = True
    for session in _one_by_one(chosen):
        drawn = list(trees(_records_of(index, session), session.zone))
        if drawn:
            yield from () if is_first else ("",)
            is_first = False
            yield from TEXT.heading(_heading(session))
            yield from drawn
    if is_first:
        yield "No action is in it."
