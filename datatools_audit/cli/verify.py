"""``verify``: is everything there, and is it what was sent?"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import click
import orjson

from datatools_audit.cli.files import FILES, given, records
from datatools_audit.support.completeness import Completeness, Verdict
from datatools_audit.support.verify import verify as verify_bundle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from datatools_audit.reading.inputs import Input
    from datatools_audit.support.completeness import Missing

_EXTRACT = ".extract-"
_SAID = {
    Verdict.COMPLETE: "Complete",
    Verdict.INCOMPLETE: "Not complete",
    Verdict.UNKNOWN: "Cannot tell",
}


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
    bundle is held against its manifest. Exit status 0 when all is there, 1 when not, or when
    that cannot be told: a session's extract has no numbers of the others.
    """
    with given(files) as found:
        bundles = [each for each in found if each.bundle is not None]
        misfits = list(_misfits(bundles))
        completeness = Completeness(
            is_part=any(_EXTRACT in each.name for each in found),
            missing=_missing(bundles) if bundles and not misfits else None,
        )
        for record in records(found, label="Verifying"):
            completeness.add(record)
        verdict = Verdict.INCOMPLETE if misfits else completeness.verdict()
        for line in misfits:
            click.echo(line)
        if bundles and not misfits:
            click.echo("What the manifest says fits: every file has its SHA-256.")
        for finding in completeness.findings():
            click.echo(finding.sentence)
        colour = "green" if verdict is Verdict.COMPLETE else "yellow"
        said = f"{_SAID[verdict]}: {completeness.events:,} records."
        click.echo(click.style(said, fg=colour, bold=True))
        context.exit(0 if verdict is Verdict.COMPLETE else 1)


def _misfits(bundles: Iterable[Input]) -> Iterator[str]:
    for each in bundles:
        if each.bundle is not None:
            for sentence in verify_bundle(each.bundle.read_bytes()):
                yield f"{each.name}: {sentence}"


def _missing(bundles: Iterable[Input]) -> dict[str, Missing]:
    """Return what the manifests say is missing of each process; they fit their bundles."""
    found: dict[str, Missing] = {}
    for each in bundles:
        if each.bundle is not None:
            with zipfile.ZipFile(each.bundle) as archive:
                manifest = orjson.loads(archive.read("manifest.json"))
            for told in manifest["processes"]:
                count, spans = found.get(told["proc"], (0, []))
                spans = [*spans, *((first, last) for first, last in told["gaps"])]
                found[told["proc"]] = count + told["missing"], spans
    return found
