"""``verify``: is everything there, and is it what was sent?"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import click
import orjson

from datatools_audit.cli.files import FILES, given, records
from datatools_audit.reading.wording import count
from datatools_audit.support.completeness import Completeness, Verdict
from datatools_audit.support.manifest import missing_of
from datatools_audit.support.verify import verify as verify_bundle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from datatools_audit.reading.inputs import Input
    from datatools_audit.support.completeness import Missing

_EXTRACT = ".extract-"
_SAID = {
    Verdict.COMPLETE: "Complete",
    Verdict.INCOMPLETE: "Not complete",
    Verdict.UNKNOWN: "Cannot tell",
}
_WORST_FIRST = (Verdict.INCOMPLETE, Verdict.UNKNOWN, Verdict.COMPLETE)


@click.command(
    epilog="""\b
Examples:
  datatools-audit verify                        today's log
  datatools-audit verify bundle.zip && echo whole
  datatools-audit verify ~/.datatools/logs      all kept days together"""
)
@click.pass_context
@FILES
def verify(context: click.Context, files: Sequence[str]) -> None:
    """Tell whether everything is there: lines, numbers, checksums.

    Each record has a number in its process, so nothing can be missing or doubled unseen. A
    bundle is held against its manifest. Only what was cut off behind the last record of a log
    cannot be seen. Exit status 0 when all is there, 1 when not, or when that cannot be told: a
    session's extract has no numbers of the others.
    """
    with given(files, plain=True) as found:
        several = [each for each in groups(found) if each]
        answers = [_answer(group, is_one=len(several) == 1) for group in several]
        worst = next(each for each in _WORST_FIRST if each in answers)
        context.exit(0 if worst is Verdict.COMPLETE else 1)


def groups(found: Sequence[Input]) -> Iterator[list[Input]]:
    """Yield what is looked at together: all logs, whose days go on in each other; each bundle."""
    yield [each for each in found if each.bundle is None]
    for each in found:
        if each.bundle is not None:
            yield [each]


def is_part(group: Sequence[Input]) -> bool:
    """Tell whether an extract is among them, which a page has made of one session."""
    return any(_EXTRACT in each.name for each in group)


def _answer(group: Sequence[Input], *, is_one: bool) -> Verdict:
    bundle = group[0].bundle
    misfits = verify_bundle(bundle.read_bytes()) if bundle is not None else []
    completeness = Completeness(
        is_part=is_part(group),
        missing=_missing(bundle) if bundle is not None and not misfits else None,
    )
    for record in records(group, label="Verifying"):
        completeness.add(record)
    verdict = Verdict.INCOMPLETE if misfits else completeness.verdict()
    if not is_one:
        click.echo(f"{group[0].name if bundle is not None else 'Logs'}:")
    for line in misfits:
        click.echo(line)
    if bundle is not None and not misfits:
        click.echo("What the manifest says fits: every file has its SHA-256.")
    for finding in completeness.findings():
        click.echo(finding.sentence)
    colour = "green" if verdict is Verdict.COMPLETE else "yellow"
    said = f"{_SAID[verdict]}: {count(completeness.events, 'record')}."
    click.echo(click.style(said, fg=colour, bold=True))
    return verdict


def _missing(bundle: Path) -> dict[str, Missing]:
    """Return what the manifest says is missing of each process; it fits its bundle."""
    with zipfile.ZipFile(bundle) as archive:
        return missing_of(orjson.loads(archive.read("manifest.json")))
