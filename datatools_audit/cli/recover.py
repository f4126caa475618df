"""``recover``: write into the log what processes that were killed had not written yet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from datatools_audit import paths
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from datatools_audit.writer.recovery import Death


@click.command(
    epilog="""\b
Examples:
  datatools-audit recover                       after a kill -9, or a reboot of the app
  datatools-audit recover --dir /srv/app/logs"""
)
@click.option(
    "--dir",
    "folder",
    metavar="FOLDER",
    help="The folder of the logs; DATATOOLS_AUDIT_DIR or ~/.datatools/logs without it.",
)
def recover(folder: str | None) -> None:
    """Write into the log what processes that were killed had not written yet.

    The next start of an app on the same folder does this by itself. What a running app has
    queued is left to it.
    """
    if folder is not None:
        os.environ["DATATOOLS_AUDIT_DIR"] = folder
    place = paths.without_home(str(recorder.log_dir()))
    try:
        deaths = recorder.flight.recover()
    except OSError as error:
        raise click.ClickException(
            f"cannot write to {place}: {error.strerror or error}; what is not written yet is kept"
        ) from error
    told = [line for line in map(_told, deaths) if line]
    click.echo("\n".join(told) or f"Nothing to recover in {place}.")


def _told(death: Death) -> str:
    parts = []
    if death.lines:
        parts.append(f"recovered {len(death.lines)} event{'s' * (len(death.lines) > 1)}")
    if death.missing:
        parts.append(f"{death.missing} are lost")
    if death.crash:
        parts.append("a native crash is in the log")
    if not parts:
        return ""
    return f"Process {death.proc}, died at {death.last_ts or 'an unknown time'}: {', '.join(parts)}"
