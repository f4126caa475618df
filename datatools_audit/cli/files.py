"""What the commands share: the files they are given, and how far a long reading has come."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from datatools_audit.api import audit_log_path
from datatools_audit.errors import ReadError
from datatools_audit.paths import without_home
from datatools_audit.reading.inputs import Input, inputs, none_of_ours
from datatools_audit.reading.ordering import text
from datatools_audit.reading.reader import Record, logs_in, read_events
from datatools_audit.reading.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

_QUIET_SECONDS = 1.0
_EVERY_BYTES = 4 << 20

FILES: Callable[[Any], Any] = click.argument(
    "files", nargs=-1, type=click.Path(), metavar="[FILE]..."
)
"""The argument of every command that reads: logs, ``.gz``, bundles, folders, ``-``."""


@contextlib.contextmanager
def given(files: Sequence[str], *, plain: bool = False) -> Iterator[list[Input]]:
    """Give the inputs of a command; of no names today's log.

    Raises:
        ReadError: See ``inputs``; or there is no log of today.
    """
    with inputs(files or [str(_of_today())], plain=plain, watch=progress) as found:
        yield found


def _of_today() -> Path:
    path = audit_log_path()
    if path.exists():
        return path
    said = f"nothing has been recorded today: there is no {without_home(str(path))}"
    older = logs_in(path.parent)
    raise ReadError(f"{said}; the newest log is {older[-1]}, give it as FILE" if older else said)


def first_ts(each: Input) -> str:
    """Return when the first record of a file was made; an empty text where none is."""
    return next((text(r, "ts") for r in read_events(each.path) if r.problem is None), "")


def records(found: Iterable[Input], *, label: str = "Reading") -> Iterator[Record]:
    """Stream the records of all inputs, with a bar on a terminal when it takes over a second.

    Raises:
        ReadError: See ``read_events``; or there are lines and none of them is a record.
    """
    several = list(found)
    sizes = {each.path: each.path.stat().st_size for each in several}
    is_any, is_bad = False, False
    with progress(sum(sizes.values()), label) as advance:
        for each in several:
            told = 0
            for record in read_events(each.path):
                is_any = is_any or record.problem is None
                is_bad = is_bad or record.problem is not None
                yield record
                if record.offset - told > _EVERY_BYTES:
                    advance(record.offset - told)
                    told = record.offset
            advance(sizes[each.path] - told)
    if is_bad and not is_any:
        raise none_of_ours(several)


def tell_problems(lines: int) -> None:
    """Say on stderr how many lines could not be told of."""
    if lines:
        said = count(lines, "line is no whole record", "lines are no whole records")
        click.echo(f"{said}; see `verify`.", err=True)


@contextlib.contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """Give what is called with each part that is done; a bar is drawn on a terminal only.

    Nothing is drawn in the first second, so that what is quick stays quiet.
    """
    if not sys.stderr.isatty() or total <= 0:
        yield lambda _part: None
        return
    bar = click.progressbar(length=total, label=label, file=sys.stderr)
    began, waiting = time.monotonic(), 0

    def advance(part: int) -> None:
        nonlocal waiting
        waiting += part
        if time.monotonic() - began > _QUIET_SECONDS:
            bar.update(waiting)
            waiting = 0

    try:
        yield advance
    finally:
        if bar.pos:
            bar.render_finish()
