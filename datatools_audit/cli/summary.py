"""``summary``: what is in a log, in numbers, and what is known to be wrong in it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from datatools_audit.api import audit_log_dir
from datatools_audit.cli.files import FILES, given
from datatools_audit.cli.sql import watching
from datatools_audit.cli.summing import as_markdown, as_text
from datatools_audit.reading.database import Database
from datatools_audit.record import strict
from datatools_audit.support.findings import rules_of
from datatools_audit.support.loaded import MEMORY_LIMIT_MB
from datatools_audit.support.report.origins import of_bundle
from datatools_audit.support.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.reading.inputs import Input

_EXTRACT = ".extract-"


@click.command(
    epilog="""\b
Examples:
  datatools-audit summary                       all kept logs
  datatools-audit summary bundle.zip --markdown > ticket.md
  datatools-audit summary 'logs/*.jsonl.gz' --rules shop.toml

\b
A file of rules has, for each problem that an app knows:
  [[finding]]
  name = "slow-import"
  question = "SELECT count(*) AS times FROM events WHERE category = 'import'
              AND duration_ms > 60000 HAVING count(*) > 0"
  sentence = "An import took over a minute {times:time:times}."
  advice = "Ask for the file." """
)
@FILES
@click.option("--json", "as_json", is_flag=True, help="All of it, as JSON.")
@click.option("--markdown", is_flag=True, help="For a ticket; everything foreign is escaped.")
@click.option(
    "--rules",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Known problems of the app's own, TOML; see below.",
)
def summary(files: Sequence[str], *, as_json: bool, markdown: bool, rules: Path | None) -> None:
    """Tell what is in the log, and what is known to be wrong in it.

    FILE is a log, a .gz, a support bundle, a folder of logs, a pattern, or - for standard
    input; all kept logs without it. Times are UTC.
    """
    if as_json and markdown:
        raise click.UsageError("choose one of --json and --markdown")
    more = rules_of(rules) if rules else []
    with given(files or [str(audit_log_dir())]) as found:
        is_part = any(each.bundle is not None or _EXTRACT in each.name for each in found)
        missing = _missing(found)
        with Database(found, MEMORY_LIMIT_MB, ordered=False) as database, watching(database):
            told = summarise(database, is_part=is_part, missing=missing, more=more)
    if as_json:
        click.echo(strict.escaped(strict.dumps(asdict(told))).decode())
        return
    for line in as_markdown(told) if markdown else as_text(told):
        click.echo(line)


def _missing(found: Sequence[Input]) -> int | None:
    """Return what a bundle that stands alone, and fits its manifest, says is missing in it."""
    bundle = found[0].bundle if len(found) == 1 else None
    told = of_bundle(bundle.name, bundle).missing if bundle is not None else None
    return None if told is None else sum(number for number, _ in told.values())
