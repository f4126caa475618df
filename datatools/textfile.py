"""How a text file of rows is written."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO

from datatools.columns import unique_names
from datatools.errors import UnreadableError

SAMPLE_BYTES = 65_536
SEPARATORS = (",", ";", "\t", "|")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Layout:
    """How a file is written: encoding, separator, the header's cells, the widest row known."""

    encoding: str
    separator: str
    header: tuple[str, ...]
    width: int

    @property
    def names(self) -> list[str]:
        """The columns' names, with some for cells beyond the header."""
        extra = range(1, self.width - len(self.header) + 1)
        return unique_names([*self.header, *(f"Extra {number}" for number in extra)])


def sniff_encoding(source: BinaryIO) -> str:
    """Find the encoding that reads the whole file.

    A byte order mark decides. Without one: UTF-16 when every other byte is mostly zero,
    UTF-8 when all of the file is that, else Windows-1252, or Latin-1, which reads anything.

    Raises:
        UnreadableError: There are zero bytes in it, as in no text.
    """
    source.seek(0)
    head = source.read(SAMPLE_BYTES)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if len(head) > 1 and head[1::2].count(0) > 0.4 * len(head) / 2:
        return "utf-16-le"
    if head[::2].count(0) > 0.4 * len(head) / 2:
        return "utf-16-be"
    if b"\0" in head:
        raise UnreadableError("This is no text file: choose a table saved as CSV or as Excel.")
    return next((name for name in ("utf-8", "cp1252") if _decodes(source, name)), "latin-1")


def _decodes(source: BinaryIO, encoding: str) -> bool:
    source.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := source.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def sample_text(source: BinaryIO, encoding: str) -> str:
    """Read the whole lines at the start of the file."""
    source.seek(0)
    head = source.read(SAMPLE_BYTES)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    whole, newline, _rest = text.rpartition("\n")
    return whole + newline if newline and len(head) == SAMPLE_BYTES else text


def rows_of(text: str, separator: str) -> list[list[str]]:
    """Split text into rows of cells, leaving out blank lines."""
    lines = io.StringIO(text, newline="")
    return [row for row in csv.reader(lines, delimiter=separator) if row]


def sniff_separator(text: str) -> str:
    """Find the separator that cuts most rows into the same number of cells, more than one."""
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        widths = Counter(len(row) for row in rows_of(text, separator))
        width, rows = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        score = (rows / max(widths.total(), 1), width)
        if width > 1 and score > best_score:
            best, best_score = separator, score
    return best


def layout_of(source: BinaryIO, separator: str | None) -> Layout:
    """Look at the start of a file.

    Raises:
        UnreadableError: It is empty, or no rows can be made out.
    """
    encoding = sniff_encoding(source)
    text = sample_text(source, encoding)
    separator = separator or sniff_separator(text)
    try:
        rows = rows_of(text, separator)
    except csv.Error as error:
        raise UnreadableError(explained(error)) from error
    if not rows:
        raise UnreadableError("The file is empty: choose one with a row of column names and data.")
    width = max(map(len, rows))
    return Layout(encoding, separator, tuple(rows[0]), max(width, len(rows[0])))


def explained(error: Exception) -> str:
    """Say in a sentence why rows cannot be read."""
    if "EOF inside string" in str(error):
        return "A quotation mark is opened and never closed: repair the file and upload it again."
    return "The rows of this file cannot be told apart: save it again as CSV and upload that."
