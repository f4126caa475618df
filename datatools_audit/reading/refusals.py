"""What DuckDB says when a question cannot be answered, in a line for a person."""

from __future__ import annotations

import errno
import os
import re
from typing import TYPE_CHECKING

import duckdb

from datatools_audit.errors import QueryError, ReadError
from datatools_audit.reading.wording import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHERE_IT_IS = re.compile(r"\n\s*\nLINE \d+:|\nLINE \d+:")
_MOST = 600
_WAY_OUT = "what is before the break is read by: gzip -cd FILE | datatools-audit … -"


def refusal(
    error: duckdb.Error, names: Mapping[str, str], memory_limit_mb: int
) -> ReadError | QueryError:
    """Return an error as one of ours.

    Args:
        error: What DuckDB has raised.
        names: What each file is called, by its path.
        memory_limit_mb: How much memory there was, megabytes.

    Raises:
        KeyboardInterrupt: It was the person who has ended the question.
    """
    if isinstance(error, duckdb.InterruptException):
        raise KeyboardInterrupt from error
    if isinstance(error, duckdb.OutOfMemoryException):
        limit = f"{memory_limit_mb:,} MB"
        return QueryError(f"the question needs more than {limit} of memory: ask for less")
    if os.strerror(errno.ENOSPC) in str(error):
        return QueryError("no room is left in the temporary folder: TMPDIR names another")
    said = clean(_WHERE_IT_IS.split(str(error))[0], _MOST)
    for path, name in names.items():
        said = said.replace(path, name)
    if isinstance(error, duckdb.IOException):
        way_out = f"; {_WAY_OUT}" if "GZIP" in said else ""
        return ReadError(f"the log cannot be read: {said}{way_out}")
    return QueryError(said)


def is_unknown_name(error: Exception) -> bool:
    """Tell whether a table or a column is named that is none."""
    return isinstance(error, duckdb.CatalogException | duckdb.BinderException)


def is_named(word: str, question: str) -> bool:
    """Tell whether a word stands in a question, however written in capitals."""
    return re.search(rf"\b{word}\b", question, re.IGNORECASE) is not None
