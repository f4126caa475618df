"""``report``: a log as one page of HTML that needs nothing but a browser."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from datatools_audit.cli.files import FILES, first_ts, given, progress, records
from datatools_audit.cli.verify import groups, is_part
from datatools_audit.errors import AuditError, ReadError
from datatools_audit.reading.wording import count, size
from datatools_audit.redaction.always import in_use
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.support.completeness import Completeness
from datatools_audit.support.report.gathering import Gathering
from datatools_audit.support.report.making import report as told
from datatools_audit.support.report.origins import Origin, of_bundle
from datatools_audit.support.report.rendering import is_report, rendered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datatools_audit.reading.inputs import Input
    from datatools_audit.support.report.model import Report

_STDOUT = Path("-")
_MOST_NAMED = 5


@click.command(
    epilog="""\b
Examples:
  datatools-audit report                        today's log, into report.html
  datatools-audit report bundle.zip -o ticket-4711.html
  datatools-audit report ~/.datatools/logs --redact --title "Shop, May 19"
  datatools-audit report log.jsonl -o - | less"""
)
@FILES
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=Path("report.html"),
    show_default=True,
    help="The page to make; - for standard output.",
)
@click.option("--session", metavar="ID", default="", help="Only this session.")
@click.option("--title", metavar="TEXT", default="", help="What stands above it.")
@click.option("--redact", is_flag=True, help="Replace what looks private, as a bundle does.")
@click.option("--force", is_flag=True, help="Replace a file that is no report of ours.")
def report(
    files: Sequence[str], *, output: Path, session: str, title: str, redact: bool, force: bool
) -> None:
    """Make one page of HTML of a log, to be read without anything else, and print where it lies.

    Summary, timeline, the steps of each session, errors with what led to them, the environment
    and what is missing; it can be searched and filtered, and printed. FILE is a log, a support
    bundle, a folder of logs, or - for standard input; today's log without it.
    """
    if output != _STDOUT and not force:
        _refuse_to_replace(output)
    gathered = Gathering(session=session)
    with given(files, plain=True) as found:
        judged = [_taken(group, gathered) for group in _in_order(found)]
    if session and not gathered.counts.events:
        raise ReadError(f"there is no session {session!a}; see `show`")
    with progress(len(gathered.kept), "Telling") as advance:
        made = told(
            gathered,
            judged,
            made_at=time.time_ns() // 1_000_000,
            title=title,
            only=session,
            redactor=Redactor(in_use()) if redact else None,
            advance=advance,
        )
    page = rendered(made).encode()
    if output == _STDOUT:
        click.echo(page, nl=False)
        return
    _write(page, output)
    for line in _said(made, len(page)):
        click.echo(line, err=True)
    click.echo(output.absolute())


def _refuse_to_replace(output: Path) -> None:
    try:
        if not output.exists():
            return
        is_ours = output.is_file() and is_report(_beginning(output))
    except OSError as error:
        raise AuditError(f"{output} cannot be written: {error.strerror or error}") from error
    if not is_ours:
        raise AuditError(f"{output} is there and no report; another name with -o, or --force")


def _beginning(output: Path) -> bytes:
    with output.open("rb") as stream:
        return stream.read(1024)


def _in_order(found: Sequence[Input]) -> list[list[Input]]:
    """Return what is looked at together, each and all with the oldest records first."""
    several = [sorted(group, key=first_ts) for group in groups(found) if group]
    return sorted(several, key=lambda group: first_ts(group[0]))


def _taken(group: Sequence[Input], gathered: Gathering) -> tuple[Origin, Completeness]:
    bundle = group[0].bundle
    if bundle is not None:
        origin = of_bundle(bundle.name, bundle)
        name = f"{bundle.name}, events.jsonl"
    else:
        origin, name = Origin(_named(group)), group[0].name if len(group) == 1 else ""
    completeness = Completeness(is_part=is_part(group), missing=origin.missing)
    gathered.take(records(group, label="Reading"), completeness, Path(name).name)
    return origin, completeness


def _named(group: Sequence[Input]) -> str:
    names = [Path(each.name).name for each in group]
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _write(page: bytes, output: Path) -> None:
    """Put the page there whole, or leave what was there."""
    try:
        handle, made = tempfile.mkstemp(prefix=".report-", suffix=".html", dir=output.parent)
        try:
            with os.fdopen(handle, "wb") as target:
                target.write(page)
            Path(made).replace(output)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(made).unlink()
            raise
    except OSError as error:
        raise AuditError(f"{output} cannot be written: {error.strerror or error}") from error


def _said(made: Report, page_bytes: int) -> Iterator[str]:
    sessions, steps = len(made.sessions), sum(len(each.steps) for each in made.sessions)
    yield f"{count(steps, 'step')} of {count(sessions, 'session')}, {size(page_bytes)}."
    if made.told < made.events:
        yield f"It tells of the newest {made.told:,} of {made.events:,} records, and counts all."
    if made.redacted is None and any(source.redactions is None for source in made.sources):
        yield "Nothing in it was redacted: see --redact before you pass it on."
