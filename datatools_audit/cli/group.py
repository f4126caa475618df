"""The command: ``datatools-audit``, the same as ``python -m datatools_audit``.

Exit status: 0 done, 1 the answer is no, 2 wrong use or something that cannot be read or
written, with one line on stderr.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import TYPE_CHECKING

import click

from datatools_audit._version import __version__
from datatools_audit.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "datatools-audit"
COMMANDS = {
    "init": "Add the recorder to a Streamlit app; with --undo take it out.",
    "show": "Show what was done, step by step, in plain words.",
    "tail": "Show the end of today's log; with -f what comes.",
    "report": "Make one page of HTML of it, to be read without anything else.",
    "verify": "Tell whether everything is there, and is what was sent.",
    "sql": "Ask the log in SQL; read-only.",
    "export": "Write the log as Parquet, a folder for each day.",
    "summary": "Tell what is in the log, and what is known to be wrong in it.",
    "reproduce": "Write a test that does what a person did, and fails as the app did.",
    "bundle": "Pack what was recorded into one zip, redacted.",
    "where": "Print where the log lies; with --check whether it can be written.",
    "completion": "Have your shell complete all this.",
    "recover": "Write into the log what killed processes had not written yet.",
}
"""Each command with its line in the help; it lives in the module of its name, which is loaded
when it is used: a command that reads the end of a file should not wait for DuckDB."""


class _Commands(click.Group):
    """The commands, loaded one by one; help lists them without."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return their names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return a command, or None where there is none of that name."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"datatools_audit.cli.{name}")
        found: click.Command = getattr(module, name)
        return found

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of the commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name=NAME)
@click.pass_context
def commands(context: click.Context) -> None:
    """Read and hand over what DataTools Audit has recorded."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    _write_anything()
    try:
        return commands.main(arguments, prog_name=NAME, standalone_mode=False) or 0
    except click.ClickException as error:
        click.echo(f"{NAME}: {' '.join(error.format_message().split())}", err=True)
    except SystemExit:  # click's answer to a pipe that nobody reads any more, and to nothing else
        return 0
    except AuditError as error:
        click.echo(f"{NAME}: {error}", err=True)
    except OSError as error:
        said = ": ".join(str(each) for each in (error.filename, error.strerror) if each)
        click.echo(f"{NAME}: {said or error}", err=True)
    except (click.Abort, KeyboardInterrupt):
        return 130
    return 2


def _write_anything() -> None:
    """Have stdout take every character: one that a terminal cannot show is spelled out.

    Into a file or a pipe it is UTF-8, on Windows too, unless the environment says otherwise.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        is_free = not sys.stdout.isatty() and "PYTHONIOENCODING" not in os.environ
        encoding = "utf-8" if is_free else sys.stdout.encoding
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
