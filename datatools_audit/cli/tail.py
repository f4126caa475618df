"""``tail``: the end of today's log, and what comes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from datatools_audit.api import audit_log_path
from datatools_audit.paths import without_home
from datatools_audit.reading.follow import follow
from datatools_audit.reading.ordering import text
from datatools_audit.reading.steps import clock
from datatools_audit.reading.tail import end_of_lines, last_records
from datatools_audit.reading.wording import clean

if TYPE_CHECKING:
    from datatools_audit.reading.reader import Record

_LOOK_SECONDS = 0.5
_MOST_MESSAGE = 2_000
_COLOURS = {"debug": None, "warning": "yellow", "error": "red", "critical": "magenta"}


@click.command(
    epilog="""\b
Examples:
  datatools-audit tail            the last 10 records of today
  datatools-audit tail -f         and what comes, until Ctrl-C
  datatools-audit tail -f --json | jq .message"""
)
@click.option("-f", "--follow", "follows", is_flag=True, help="Go on with what comes.")
@click.option(
    "-n", "--lines", default=10, show_default=True, type=click.IntRange(min=0), help="Records."
)
@click.option("--session", metavar="ID", help="Only this session.")
@click.option("--debug", is_flag=True, help="Records of level debug too.")
@click.option("--json", "as_json", is_flag=True, help="The lines as they are.")
def tail(*, follows: bool, lines: int, session: str | None, debug: bool, as_json: bool) -> None:
    """Show the end of today's log; with -f go on with what comes, across midnight.

    Times are this machine's.
    """

    def is_wanted(record: Record) -> bool:
        if session is not None and text(record, "session") != session:
            return False
        return debug or as_json or record.get("level") != "debug"

    def tell(record: Record) -> None:
        if is_wanted(record):
            click.echo(record.raw.rstrip(b"\n") if as_json else _line(record))

    path = audit_log_path()
    last: list[Record] = []
    end = 0
    if path.is_file():
        end = end_of_lines(path)
        last = last_records(path, lambda some: sum(map(is_wanted, some)) >= lines, end=end)
    elif not follows:
        click.echo(f"Nothing has been recorded today: there is no {without_home(str(path))}.")
        return
    for record in [each for each in last if is_wanted(each)][-lines:] if lines else ():
        tell(record)
    if follows:
        for record in follow(audit_log_path, _wait, offset=end):
            tell(record)


def _wait() -> bool:
    time.sleep(_LOOK_SECONDS)
    return True


def _line(record: Record) -> str:
    level, category = text(record, "level"), clean(record.get("category"), 20)
    said = clean(record.get("message"), _MOST_MESSAGE)
    code = f"  {clean(record.get('support_code'), 20)}" if "support_code" in record else ""
    head = f"{clock(text(record, 'ts')):8}  {clean(record.get('session'), 8):8}  {category:10}  "
    return head + click.style(said, fg=_COLOURS.get(level)) + code
