"""Rows of different widths."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from datatools.errors import UnreadableError
from datatools.textfile import Layout, explained

EXTRA_COLUMNS = 50
"""More cells than this beyond the header means that the separator is not what it seems."""


def _rows(source: BinaryIO, layout: Layout) -> Iterator[list[str]]:
    source.seek(0)
    text = io.TextIOWrapper(source, layout.encoding, newline="")
    try:
        yield from filter(None, csv.reader(text, delimiter=layout.separator))
    except csv.Error as error:
        raise UnreadableError(explained(error)) from error
    finally:
        text.detach()


def widest(source: BinaryIO, layout: Layout) -> int:
    """Count the cells of the widest row.

    Raises:
        UnreadableError: It is too wide to be one more of these rows.
    """
    width = max(map(len, _rows(source, layout)))
    if width > len(layout.header) + EXTRA_COLUMNS:
        message = (
            f"A row has {width:,} cells, the header only {len(layout.header):,}: "
            "check the separator and the quotation marks, then upload the file again."
        )
        raise UnreadableError(message)
    return width


def squared(source: BinaryIO, layout: Layout) -> BinaryIO:
    """Write the rows again, all of one width: pandas reads no row longer than the first."""
    result = io.BytesIO()
    text = io.TextIOWrapper(result, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    for row in _rows(source, layout):
        writer.writerow(row + [""] * (layout.width - len(row)))
    text.detach()
    return result
