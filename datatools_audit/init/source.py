"""A Python source byte for byte, and where in it a node of its tree stands."""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.errors import AuditError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NEWLINE = re.compile(r"\r\n|\r|\n")
_GENERATED = re.compile(
    r"@generated|do not edit|auto-?generated|this file (was|is) generated", re.I
)


class NotUnderstoodError(AuditError):
    """A source that is left as it is; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of a text, from ``start`` to before ``end``, that becomes another text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source that Python understands.

    Attributes:
        text: All of it without the byte order mark, with its newlines as they are.
        encoding: What its first lines or its byte order mark say.
        mark: The byte order mark, or nothing.
        tree: As Python reads it.
        starts: Where each line begins in the text.
    """

    text: str
    encoding: str
    mark: bytes
    tree: ast.Module
    starts: tuple[int, ...]

    def line(self, number: int) -> str:
        """Return a line, counted from 1, without its newline."""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")

    def offset(self, line: int, column: int) -> int:
        """Return where in the text a node begins or ends; its column counts bytes of UTF-8."""
        begins = self.line(line).encode("utf-8", "surrogatepass")[:column]
        return self.starts[line - 1] + len(begins.decode("utf-8", "surrogatepass"))

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Return where a node begins and ends in the text."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def segment(self, node: ast.stmt | ast.expr) -> str:
        """Return a node as it is written."""
        return self.text[slice(*self.span(node))]

    def line_at(self, offset: int) -> int:
        """Return the number of the line in which a place of the text is."""
        return bisect_right(self.starts, offset)

    def newline(self, line: int = 1) -> str:
        """Return the newline of a line; where it has none that of the first."""
        for number in (line, 1):
            end = self.starts[number] if number < len(self.starts) else len(self.text)
            found = _NEWLINE.search(self.text, self.starts[number - 1], end)
            if found:
                return found[0]
        return "\n"

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Return the bytes of the source with these edits, which do not overlap."""
        text = self.text
        for edit in sorted(edits, key=lambda each: each.start, reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return self.mark + text.encode(self.encoding)

    def comments(self) -> Iterator[tuple[int, str]]:
        """Yield each comment with its line."""
        plain = _NEWLINE.sub("\n", self.text)
        try:
            for token in tokenize.generate_tokens(io.StringIO(plain).readline):
                if token.type == tokenize.COMMENT:
                    yield token.start[0], token.string
        except (tokenize.TokenError, SyntaxError) as error:
            raise NotUnderstoodError(f"cannot be read: {error}") from None


def parsed(data: bytes) -> Source:
    """Return a source.

    Raises:
        NotUnderstoodError: Python does not read it, or it would not come out of its encoding as
            it went in.
    """
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        text = data[len(mark) :].decode(encoding)
        is_same = text.encode(encoding) == data[len(mark) :]
    except (SyntaxError, LookupError, UnicodeError) as error:
        raise NotUnderstoodError(f"cannot be read: {error}") from None
    if not is_same:
        raise NotUnderstoodError(f"is not the same once it was read as {encoding}")
    starts = (0, *(found.end() for found in _NEWLINE.finditer(text)))
    if starts[-1] == len(text) and len(starts) > 1:
        starts = starts[:-1]
    return Source(text, encoding, mark, _tree(text), starts)


def is_generated(source: Source) -> bool:
    """Tell whether its first comments or its docstring say that a program has written it."""
    body = source.tree.body
    runs = body[1:] if ast.get_docstring(source.tree, clean=False) is not None else body
    end = source.span(runs[0])[0] if runs else len(source.text)
    return _GENERATED.search(source.text, 0, end) is not None


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape is the author's
        try:
            tree = ast.parse(text)
            compile(text, "<source>", "exec", dont_inherit=True)
        except SyntaxError as error:
            where = f"line {error.lineno}: " if error.lineno else ""
            raise NotUnderstoodError(f"does not compile: {where}{error.msg}") from None
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            raise NotUnderstoodError(f"does not compile: {error}") from None
    return tree
