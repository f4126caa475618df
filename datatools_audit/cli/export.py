"""``export``: the log in a form that other systems take."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import click

from datatools_audit.api import audit_log_dir
from datatools_audit.cli.files import FILES, given
from datatools_audit.cli.sql import watching
from datatools_audit.errors import ExportError
from datatools_audit.export.parquet import write_days
from datatools_audit.reading.database import Database
from datatools_audit.reading.wording import count, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.reading.inputs import Input


@click.command(
    epilog="""\b
Examples:
  datatools-audit export --parquet lake                   all kept logs
  datatools-audit export --parquet lake --name web-1 logs
  datatools-audit export --parquet lake --replace         each night, say"""
)
@FILES
@click.option(
    "--parquet",
    "folder",
    required=True,
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to: a folder in it for each day, day=2026-05-19.",
)
@click.option("--name", default="events", show_default=True, help="How the files' names begin.")
@click.option("--replace", is_flag=True, help="Files of that name and of these logs give way.")
def export(files: Sequence[str], *, folder: Path, name: str, replace: bool) -> None:
    """Write logs as Parquet, by day, with a column for each common field.

    FILE is a log, a .gz, a support bundle, a folder of logs, a pattern, or - for standard
    input; all kept logs without it. The column record has the whole of each record as JSON.
    What was exported of other logs stays, also of those that are gone since.
    Nothing is redacted that is not in the log: it is for who may read the log itself.
    """
    with given(files or [str(audit_log_dir())]) as found:
        _refuse_several_machines(found)
        with Database(found, ordered=False) as database, watching(database):
            parts = write_days(database, folder, name, replace=replace)
    for day, some in itertools.groupby(parts, lambda part: part.day):
        of_day = list(some)
        events, written = sum(p.events for p in of_day), sum(p.size for p in of_day)
        click.echo(f"{day}  {count(events, 'record')}, {size(written)}")
    click.echo(str(folder) if parts else "No record to export.")


def _refuse_several_machines(found: Sequence[Input]) -> None:
    """Refuse logs of one name from two folders, of which one could later replace the other."""
    folders: dict[str, Path] = {}
    for each in found:
        other = folders.setdefault(each.log, Path(each.name).parent)
        if other != Path(each.name).parent:
            raise ExportError(
                f"{other} and {Path(each.name).parent} both have a log {each.log}: export each "
                "machine's logs by themselves, with a --name of their own"
            )
