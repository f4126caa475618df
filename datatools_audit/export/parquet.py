"""Logs → Parquet, a folder a day: what a fleet's data tools read without us."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from datatools_audit.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from datatools_audit.reading.database import Database

_NAME = re.compile(r"[A-Za-z0-9_][\w.-]*", re.ASCII)
_FOLDER = "day="


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
    """Write every record of a database's logs into ``target/day=…/<name>-<number>.parquet``.

    The columns are those of ``events``, and ``record``, the whole record as JSON: nothing is
    lost. No file is written where one is refused, and each takes its place in one step.

    Args:
        database: Of the logs.
        target: A folder; made where it is missing.
        name: Of the files: one for each machine, say.
        replace: Whether files of that name on these days give way.

    Returns:
        The files, by day.

    Raises:
        ExportError: The name is none for a file, or files of that name are there already.
        OSError: They cannot be written.
        QueryError: There is not memory enough.
        ReadError: A log cannot be read to its end.
    """
    if not _NAME.fullmatch(name):
        raise ExportError(f"{name!r} is no name for a file: letters, digits, '.', '_' and '-'")
    made = database.write_days()
    old = [each for day in made.iterdir() for each in _of_name(target / day.name, name)]
    if old and not replace:
        raise ExportError(
            f"{old[0]} is there already; give another --name for another machine's logs, "
            "or --replace for the same logs anew"
        )
    written = [part for day in sorted(made.iterdir()) for part in _placed(day, target, name)]
    for each in {*old} - {part.path for part in written}:
        each.unlink(missing_ok=True)
    return written


def _of_name(day: Path, name: str) -> list[Path]:
    numbered = re.compile(rf"{re.escape(name)}-\d+\.parquet")
    return [each for each in day.glob("*.parquet") if numbered.fullmatch(each.name)]


def _placed(day: Path, target: Path, name: str) -> Iterator[Part]:
    """Put a day's files where they belong."""
    folder = target / day.name
    folder.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(sorted(day.iterdir())):
        path = folder / f"{name}-{number}.parquet"
        new = path.with_suffix(".parquet.new")
        try:
            shutil.copyfile(each, new)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        events = duckdb.read_parquet(str(each)).count("*").fetchall()[0][0]
        yield Part(day.name.removeprefix(_FOLDER), path, events, path.stat().st_size)
