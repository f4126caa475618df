"""Puts an item behind the last of a list or dict that is written out, and takes it out again."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from datatools_audit.init.source import Edit

if TYPE_CHECKING:
    from datatools_audit.init.source import Source

Literal = ast.List | ast.Dict
Item = tuple[int, int]

_BEHIND = re.compile(r"(?P<comma>,)?(?P<gap>[ \t]*)(?P<comment>#[^\r\n]*)?")
_PLAIN_GAP = re.compile(r"\s*,\s*")
_COMMENT_GAP = re.compile(r",?[ \t]*#[^\r\n]*(\s*)")


def values(literal: Literal) -> list[ast.expr]:
    """Return the items of a list, the values of a dict."""
    return literal.values if isinstance(literal, ast.Dict) else literal.elts


def items(source: Source, literal: Literal) -> list[Item]:
    """Return where each item begins and ends; of a dict from its key on."""
    if isinstance(literal, ast.List):
        return [source.span(each) for each in literal.elts]
    return [
        (source.span(key)[0] if key is not None else source.span(value)[0], source.span(value)[1])
        for key, value in zip(literal.keys, literal.values, strict=True)
    ]


def append(source: Source, literal: Literal, text: str) -> list[Edit]:
    """Return what puts a text behind the last item; nothing where that is not plain to see."""
    there = items(source, literal)
    if not there:
        return []
    start, end = there[-1]
    behind = _BEHIND.match(source.text, end)
    close = source.span(literal)[1] - 1
    if behind is None or not _is_empty(source.text[behind.end() : close]):
        return []
    line = source.line_at(start)
    indent = source.text[source.starts[line - 1] : start]
    last = source.line_at(end)
    is_own_line = not indent.strip() and source.line_at(close) > last
    if not is_own_line:
        return [Edit(end, end, f", {text}")]
    newline = source.newline(last)
    if not behind["comment"]:
        return [Edit(end, end, f",{newline}{indent}{text}")]
    at = behind.end()
    if behind["comma"]:
        return [Edit(at, at, f"{newline}{indent}{text},")]
    return [Edit(end, end, ","), Edit(at, at, f"{newline}{indent}{text}")]


def _is_empty(text: str) -> bool:
    return not re.sub(r"#[^\r\n]*", "", text).strip()


def cut(source: Source, there: list[Item], place: int) -> list[Edit]:
    """Return what takes an item out, with a comma and the gap; nothing if unsure."""
    if place == 0:
        return []
    text, before = source.text, there[place - 1][1]
    start, end = there[place]
    gap = text[before:start]
    if _PLAIN_GAP.fullmatch(gap):
        return [Edit(before, end, "")]
    commented = _COMMENT_GAP.fullmatch(gap)
    if commented is None:
        return []
    since = before + commented.start(1)
    if text[end : end + 1] == ",":
        return [Edit(since, end + 1, "")]
    return [Edit(before, before + 1, ""), Edit(since, end, "")] if gap[0] == "," else []
