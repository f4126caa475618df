"""``init``: the recorder put into an app that is there, and taken out again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from datatools_audit.errors import AuditError
from datatools_audit.init.applying import apply
from datatools_audit.init.difference import difference
from datatools_audit.init.planning import plan
from datatools_audit.init.project import candidates, project, unread
from datatools_audit.init.undoing import undo
from datatools_audit.reading.wording import clean, count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.init.plan import Plan
    from datatools_audit.init.project import Project

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_MOST = 1000


@click.command(
    epilog="""\b
Examples:
  datatools-audit init                   the app in this folder: shows, asks, adds
  datatools-audit init src/app.py --dry-run
  datatools-audit init --app "Sales" --yes
  datatools-audit init --undo            takes out exactly what it has added"""
)
@click.pass_context
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("--app", metavar="NAME", help="The app's name in the records; else its title.")
@click.option("--no-page", is_flag=True, help="Add no Diagnostics page.")
@click.option("--undo", "undoing", is_flag=True, help="Take out what init has added.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def init(
    context: click.Context,
    path: Path,
    *,
    app: str | None,
    no_page: bool,
    undoing: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Add the recorder to a Streamlit app: an import, a call, a Diagnostics page.

    PATH is the script that `streamlit run` takes, or its folder. What would change is shown as
    a diff, and nothing is written unasked. A source that is not understood stays as it is. Exit
    status 1 when you said no, or when something is left for you to do.
    """
    if app is not None and not app.isprintable():
        raise AuditError("--app takes a name of printable characters")
    script, others = _entry(path)
    found = project(script)
    made = undo(found) if undoing else plan(found, app, page=not no_page, others=others)
    _show(made, found)
    if made.changes and not dry_run:
        if not yes and not _asked(undoing=undoing):
            click.echo("Nothing was changed.")
            context.exit(1)
        apply(made.changes)
        _tell(made, found, script, undoing=undoing)
    if made.left:
        context.exit(1)


def _entry(path: Path) -> tuple[Path, Sequence[Path]]:
    """Return the entry script, and what else could have been it."""
    if path.is_file():
        return path, [each for each in candidates(path.parent) if each.name != path.name]
    if not path.is_dir():
        raise AuditError(f"there is no {str(path)!a}; name the script that `streamlit run` takes")
    found = candidates(path)
    if not found:
        why = unread(path) or f"no script in {str(path)!a} imports streamlit"
        raise AuditError(f"{why}; name the one that `streamlit run` takes")
    chosen = found[0] if len(found) == 1 else _chosen(found)
    return chosen, [each for each in found if each != chosen]


def _chosen(found: Sequence[Path]) -> Path:
    listed = ", ".join(map(str, found))
    if not sys.stdin.isatty():
        raise AuditError(f"several scripts may be the app: {clean(listed, _MOST)}; name one")
    click.echo("Several scripts may be the app:")
    for number, path in enumerate(found, 1):
        click.echo(f"  {number}  {clean(str(path), _MOST)}")
    number = click.prompt("Which one", type=click.IntRange(1, len(found)))
    return found[number - 1]


def _show(made: Plan, found: Project) -> None:
    for change in made.changes:
        for line in difference(change, found.name(change.path)):
            click.secho(line, fg=_COLOURS.get(line[:1]))
    for note in made.notes:
        click.echo(f"Note: {clean(note, _MOST)}")
    if made.state:
        click.echo(clean(made.state, _MOST))
    elif not made.changes:
        click.echo("Nothing was changed.")


def _asked(*, undoing: bool) -> bool:
    if not sys.stdin.isatty():
        raise AuditError("nobody is there to be asked; --yes goes ahead, --dry-run only shows")
    try:
        return click.confirm("Take this out?" if undoing else "Write this?")
    except click.Abort:
        click.echo("\nNothing was changed.")
        raise


def _tell(made: Plan, found: Project, script: Path, *, undoing: bool) -> None:
    told = ", ".join(found.name(change.path) for change in made.changes)
    files = count(len(made.changes), "file")
    click.echo(f"{'Taken out of' if undoing else 'Written to'} {files}: {clean(told, _MOST)}")
    if not undoing:
        said = clean(str(script), _MOST)
        said = f'"{said}"' if " " in said else said
        click.echo(f"Start it as before: streamlit run {said}")
        click.echo(f"Take it out again: datatools-audit init {said} --undo")
