"""Logs → Parquet, a folder a day: what a fleet's data tools read without us."""

from __future__ import annotations

import re
import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.errors import ExportError

if TYPE_CHECKING:
    from pathlib import Path

    from datatools_audit.reading.database import Database

# What begins with "_" or "." other tools take for no data.
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """One file that was written.

    Attributes:
        day: ``YYYY-MM-DD`` in UTC, or ``undated``.
        path: The file.
        events: How many records it has.
        size: Bytes.
    """

    day: str
    path: Path
    events: int
    size: int


def write_days(database: Database, target: Path, name: str, *, replace: bool = False) -> list[Part]:
    """Write every record of a database's logs into ``target/day=…/<name>-<log>.parquet``.

    The columns are those of ``events``, and ``record``, the whole record as JSON: nothing is
    lost. No file is written where one is refused, and each takes its place in one step. What
    was written of other logs stays, also where a log is gone since.

    Args:
        database: Of the logs.
        target: A folder; made where it is missing.
        name: Of the files: one for each machine, say.
        replace: Whether files of that name and of these logs give way.

    Returns:
        The files, by day.

    Raises:
        ExportError: The name is none for a file, or such files are there already.
        OSError: They cannot be written.
        QueryError: There is not memory enough.
        ReadError: A log cannot be read to its end.
    """
    if not _NAME.fullmatch(name):
        raise ExportError(
            f"{name!r} is no name for a file: letters, digits, '.', '_' and '-', "
            "a letter or a digit first"
        )
    made = database.write_days()
    paths = [target / f"day={each.day}" / f"{name}-{each.log}.parquet" for each in made]
    old = next((path for path in paths if path.exists()), None)
    if old and not replace:
        raise ExportError(
            f"{old} is there already; give another --name for another machine's logs, "
            "or --replace for the same logs anew"
        )
    for each, path in zip(made, paths, strict=True):
        _place(each.path, path)
    parts = [
        Part(each.day, path, each.events, each.path.stat().st_size)
        for each, path in zip(made, paths, strict=True)
    ]
    return sorted(parts, key=lambda part: (part.day, part.path))


def _place(made: Path, path: Path) -> None:
    """Put a file where it belongs, in one step, whoever else does the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        shutil.copyfile(made, new)
        new.replace(path)
    except OSError as error:  # which would name the copy
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        new.unlink(missing_ok=True)
