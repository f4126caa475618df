"""``bundle``: what the Diagnostics page hands over, where the page cannot be opened."""

from __future__ import annotations

import os
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from datatools_audit.api import flush_audit_log
from datatools_audit.cli.files import FILES, first_ts, given, records
from datatools_audit.errors import AuditError
from datatools_audit.reading.numbers import Numbers
from datatools_audit.reading.ordering import text
from datatools_audit.reading.wording import count, size
from datatools_audit.redaction.always import in_use
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.support.bundle import Choice, pack, preview
from datatools_audit.support.environment import environment_outside
from datatools_audit.support.groups import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datatools_audit.reading.inputs import Input
    from datatools_audit.support.bundle import Preview

_MEBIBYTE = 1 << 20


@click.command(
    epilog="""\b
Examples:
  datatools-audit bundle                        today's log, into this folder
  datatools-audit bundle --session a1b2c3d4 -o mine.zip
  datatools-audit bundle --leave-out filenames --leave-out logging"""
)
@FILES
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The zip to make.")
@click.option("--session", "sessions", multiple=True, metavar="ID", help="Only this session.")
@click.option("--since", metavar="TS", default="", help="Not before: 2026-05-19T14:00 (UTC).")
@click.option("--until", metavar="TS", default="", help="Before that moment, likewise.")
@click.option("--leave-out", multiple=True, type=click.Choice(GROUPS), help="Texts that stay here.")
@click.option("--note", default="", metavar="TEXT", help="What you want to say to it.")
@click.option("--max-mib", default=10, show_default=True, type=click.IntRange(1, 1000))
def bundle(
    files: Sequence[str],
    *,
    output: Path | None,
    sessions: Sequence[str],
    since: str,
    until: str,
    leave_out: Sequence[str],
    note: str,
    max_mib: int,
) -> None:
    """Pack what was recorded into one zip, redacted, and print where it lies.

    It is what the page Diagnostics makes, for when the app does not open. FILE is a log or a
    folder of logs; today's log without it. Nothing is sent: you send it yourself.
    """
    flush_audit_log()
    choice = Choice(**dict.fromkeys(leave_out, False), most_bytes=max_mib * _MEBIBYTE)
    numbers: defaultdict[str, Numbers] = defaultdict(Numbers)
    with given(files, plain=True) as found:
        lines = _lines(sorted(found, key=first_ts), numbers, frozenset(sessions), since, until)
        told = preview(
            lines, Redactor(in_use()), choice, lambda proc, _first, _last: numbers[proc].spans()
        )
    data = pack(told, environment_outside() | {"made_by": "command"}, note=note)
    path = _written(data, output)
    for line in _told(told):
        click.echo(line, err=True)
    click.echo(path)


def _lines(
    found: Sequence[Input],
    numbers: dict[str, Numbers],
    sessions: frozenset[str],
    since: str,
    until: str,
) -> Iterator[bytes]:
    for record in records(found, label="Packing"):
        if record.problem is not None:
            yield record.raw  # which the preview counts and leaves out
            continue
        numbers[text(record, "proc")].add(cast("int", record["seq"]))
        ts, is_wanted = text(record, "ts"), not sessions or text(record, "session") in sessions
        if is_wanted and ts >= since and (not until or ts < until):
            yield record.raw if record.raw.endswith(b"\n") else record.raw + b"\n"


def _written(data: bytes, output: Path | None) -> Path:
    name = f"datatools-support-{time.strftime('%Y%m%d-%H%M%S')}.zip"
    wanted = [output] if output is not None else [Path.cwd() / name, _temporary() / name]
    refused = ""
    for path in wanted:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
            _write(handle, data, path)
            return path.absolute()
        except FileExistsError:
            refused = f"{path} is there already; choose another name with -o"
        except OSError as error:
            refused = f"{path} cannot be written: {error.strerror or error}"
    raise AuditError(refused)


def _write(handle: int, data: bytes, path: Path) -> None:
    """Write the whole bundle, or leave nothing: half a zip would be sent all the same."""
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
    except BaseException:
        path.unlink()
        raise


_BINARY = getattr(os, "O_BINARY", 0)


def _temporary() -> Path:
    return Path(tempfile.gettempdir())


def _told(told: Preview) -> Iterator[str]:
    events, sessions = count(told.events, "record"), count(len(told.sessions), "session")
    yield f"{events} of {sessions}, {size(len(told.events_jsonl))}."
    for rule, times in told.redactions.items():
        yield f"Redacted: {rule}, {count(times, 'time')}."
    for group, times in told.left_out.items():
        yield f"Left out: {group}, {count(times, 'text')}."
    if told.oldest_left_out:
        yield f"The oldest {told.oldest_left_out:,} records are left out: see --max-mib."
    if told.no_record:
        yield f"Left out because they are no record: {count(told.no_record, 'line')}."
    yield "Look at it before you send it: it is a zip with texts in it."
