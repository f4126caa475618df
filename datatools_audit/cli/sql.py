"""``sql``: a question in SQL to the log, which can read and do nothing else."""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from datatools_audit.api import audit_log_dir
from datatools_audit.cli.files import FILES, given
from datatools_audit.cli.tabular import as_csv, as_json, as_table
from datatools_audit.errors import ReadError
from datatools_audit.reading import tables
from datatools_audit.reading.database import Answer, Database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from datatools_audit.reading.inputs import Input

LIMIT = 1_000
FORMATS = ("table", "csv", "json", "parquet")
_OF_A_TABLE = ("", "txt")  # endings
_TOGETHER = 1_000  # lines
_QUIET_SECONDS = 1.0
_EVERY_SECONDS = 0.2
_STEPS = 1_000


@click.command(
    epilog="""\b
Examples:
  datatools-audit sql                           the tables, their columns, more examples
  datatools-audit sql "SELECT level, count(*) FROM events GROUP BY ALL"
  datatools-audit sql "FROM steps WHERE session = 'a1b2c3d4'" bundle.zip
  datatools-audit sql "SELECT record->>'rows' FROM events WHERE category = 'import'"
  datatools-audit sql "FROM errors" 'logs/*.jsonl.gz' -o errors.parquet"""
)
@click.argument("question", required=False, metavar="[SQL]")
@FILES
@click.option("--format", "form", type=click.Choice(FORMATS), help="Else by FILE of -o, or table.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=LIMIT,
    show_default=True,
    help="How many rows a table shows.",
)
def sql(
    question: str | None,
    files: Sequence[str],
    *,
    form: str | None,
    output: Path | None,
    limit: int,
) -> None:
    """Ask the log in SQL, as DuckDB speaks it.

    FILE is a log, a .gz, a support bundle, a folder of logs, a pattern, or - for standard
    input; all kept logs without it. Times are UTC. The question reads these files and can do
    nothing else. Without one the tables are told.
    """
    form = form or _form_of(output)
    if form == "parquet" and output is None:
        raise click.UsageError("Parquet goes to a file: give it with -o")
    if question is not None and os.path.exists(question):  # noqa: PTH110 -- any text may come
        raise click.UsageError(f"{question} is a file; before it comes the question, in SQL")
    if question is None:
        _tell_tables()
        return
    with given(files or [str(audit_log_dir())]) as found:
        _refuse_to_overwrite(output, found)
        with Database(found) as database:
            if form == "parquet" and output is not None:
                with watching(database):
                    database.write_parquet(question, output)
                return
            with watching(database):
                answer = _begun(database.ask(question))
            _write(answer, form, output, limit)


@contextlib.contextmanager
def watching(database: Database) -> Iterator[None]:
    """Show on a terminal how far a question has come, when it takes over a second."""
    if not sys.stderr.isatty():
        yield
        return
    done, well = threading.Event(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(database, done, well), daemon=True)
    watcher.start()
    try:
        yield
        well.set()
    finally:
        done.set()
        watcher.join()


def _watch(database: Database, done: threading.Event, well: threading.Event) -> None:
    """Draw how far it is until it is done; all of it only where it has ended well."""
    if done.wait(_QUIET_SECONDS):
        return
    with click.progressbar(length=_STEPS, label="Reading", file=sys.stderr) as bar:
        while not done.wait(_EVERY_SECONDS):
            come = int(database.progress() * _STEPS / 100)
            bar.update(max(0, come - bar.pos))
        bar.update(_STEPS - bar.pos if well.is_set() else 0)


def _begun(answer: Answer) -> Answer:
    """Wait for the first row."""
    first = list(itertools.islice(answer.rows, 1))
    return Answer(answer.columns, answer.types, itertools.chain(first, answer.rows))


def _form_of(output: Path | None) -> str:
    ending = output.suffix[1:].lower() if output else ""
    if ending not in (*FORMATS, *_OF_A_TABLE):
        raise click.UsageError(f"say by --format what {output} is to be: {', '.join(FORMATS)}")
    return "table" if ending in _OF_A_TABLE else ending


def _refuse_to_overwrite(output: Path | None, found: Iterable[Input]) -> None:
    if output is not None and output.exists():
        for each in found:
            if output.samefile(each.bundle or each.path):
                raise ReadError(f"{output} is what is read; choose another file for -o")


def _write(answer: Answer, form: str, output: Path | None, limit: int) -> None:
    to_file = output is not None
    if form == "json":
        lines: Iterable[str] = as_json(answer.columns, answer.types, answer.rows)
    elif form == "csv":
        lines = as_csv(answer.columns, answer.rows, "\r\n" if to_file else "\n")
    else:
        lines = _table(answer, limit, None if to_file else _terminal_width())
    if output is None:
        lines = iter(lines)
        while some := "".join(itertools.islice(lines, _TOGETHER)):
            click.echo(some, nl=False)
        return
    encoding = "utf-8-sig" if form == "csv" else "utf-8"  # a spreadsheet asks for the mark
    with output.open("w", encoding=encoding, newline="") as target:
        target.writelines(lines)


def _table(answer: Answer, limit: int, width: int | None) -> Iterator[str]:
    rows: list[tuple[Any, ...]] = list(itertools.islice(answer.rows, limit))
    for line in as_table(answer.columns, answer.types, rows, width):
        yield f"{line}\n"
    if next(answer.rows, None) is not None:
        said = f"There are more than {limit:,} rows; --limit shows more, csv, json and parquet all."
        click.echo(said, err=True)


def _terminal_width() -> int | None:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return None


def _tell_tables() -> None:
    with Database([]) as database:
        for table, said in tables.SAID.items():
            click.echo(click.style(table, bold=True) + f"  {said}")
            columns = (f"{name} {kind}" for name, kind in database.columns(table).items())
            click.echo(click.wrap_text(", ".join(columns), 100, "    ", "    "))
    click.echo("\nTimes are UTC. Examples:")
    for example in tables.EXAMPLES:
        click.echo(f'  datatools-audit sql "{example}"')
