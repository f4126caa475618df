"""A DuckDB that reads the files it is given, and can do nothing else."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MOST_THREADS = 8  # each has 32 MiB of the files in its hands
_PATTERN = re.compile(r"[*?\[\]\\]")


def locked(
    paths: Sequence[str], folder: Path, memory_limit_mb: int, *, ordered: bool
) -> duckdb.DuckDBPyConnection:
    """Return a database in memory. No setting of it can be changed any more.

    Args:
        paths: The only files that it reads.
        folder: Where it keeps what has no room in memory; in ``out`` in it, it writes.
        memory_limit_mb: How much memory it may use, megabytes.
        ordered: Whether rows come in the order of the lines where a question names no other.
    """
    out = folder / "out"
    out.mkdir()
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": str(min(_MOST_THREADS, os.cpu_count() or 1)),
            "memory_limit": f"{memory_limit_mb}MB",
            "temp_directory": str(folder / "spilled"),
            "preserve_insertion_order": str(ordered).lower(),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = true")  # else nobody knows how far it is
    connection.execute("set enable_progress_bar_print = false")
    connection.execute("set allowed_paths = ?", [list(paths)])
    connection.execute("set allowed_directories = ?", [[str(out)]])
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def plain_paths(folder: Path, paths: Sequence[Path]) -> list[str]:
    """Return paths that DuckDB takes for no pattern: links in the folder where one looks like it.

    Of none it is the path of an empty file.
    """
    if not paths:
        nothing = folder / "nothing.jsonl"
        nothing.touch()
        return [str(nothing)]
    return [_plain(folder / str(number), path.absolute()) for number, path in enumerate(paths)]


def _plain(link: Path, path: Path) -> str:
    if not _PATTERN.search(str(path)):
        return str(path)
    link = link.with_suffix(".jsonl.gz" if path.suffix == ".gz" else ".jsonl")
    link.symlink_to(path)
    return str(link)
