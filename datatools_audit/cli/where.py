"""``where``: in which folder the log lies, and whether it can be written."""

from __future__ import annotations

import click

from datatools_audit import api
from datatools_audit.context import new_id
from datatools_audit.reading.reader import read_events

_CHECK_SECONDS = 5.0


@click.command(
    epilog="""\b
Examples:
  datatools-audit where
  datatools-audit where --check && echo 'it records'"""
)
@click.pass_context
@click.option("--check", is_flag=True, help="Write an event, read it back, tell how it went.")
def where(context: click.Context, *, check: bool) -> None:
    """Print the folder of the logs and today's file.

    DATATOOLS_AUDIT_DIR moves it. Exit status 1 when --check could not write or read back.
    """
    click.echo(f"folder  {api.audit_log_dir()}")
    click.echo(f"today   {api.audit_log_path()}")
    if check and not _check():
        context.exit(1)


def _check() -> bool:
    stats = api.audit_stats()
    if not stats.enabled:
        click.echo("check   recording is switched off (DATATOOLS_AUDIT_ENABLED=0)")
        return False
    path, mark = api.audit_log_path(), new_id()
    api.log_event("audit", "Checked the log", check=mark)
    written = api.flush_audit_log(_CHECK_SECONDS)
    stats = api.audit_stats()
    found = False
    if written and path.is_file():
        found = any(r.get("check") == mark for r in read_events(path, containing=mark.encode()))
    if found:
        click.echo("check   an event was written and read back")
    elif written:
        click.echo("check   an event was written, and is not in the file")
    else:
        click.echo(f"check   no event could be written: {stats.last_error or 'no answer yet'}")
    for name in ("writer_alive", "queue_depth", "written", "dropped", "failed_writes"):
        click.echo(f"        {name.replace('_', ' ')}: {getattr(stats, name)}")
    click.echo(f"        flight recorder: {stats.flight_recorder}")
    return found
