"""``completion``: have a shell complete the command's words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from datatools_audit.cli.group import NAME, commands

_VARIABLE = "_DATATOOLS_AUDIT_COMPLETE"


@click.command(
    epilog="""\b
Examples:
  datatools-audit completion bash >> ~/.bashrc
  datatools-audit completion zsh >> ~/.zshrc
  datatools-audit completion fish > ~/.config/fish/completions/datatools-audit.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands, options and files."""
    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(commands, {}, NAME, _VARIABLE).source())
