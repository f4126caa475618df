"""The pages given to ``st.navigation``: where one more goes, and where ours stands."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.init import names
from datatools_audit.init.lines import SECTION, Names
from datatools_audit.init.source import Edit

if TYPE_CHECKING:
    from datatools_audit.init.source import Source

_BEHIND = re.compile(r"(?P<comma>,)?(?P<gap>[ \t]*)(?P<comment>#[^\r\n]*)?")
_PLAIN_GAP = re.compile(r"\s*,\s*")
_COMMENT_GAP = re.compile(r",?[ \t]*#[^\r\n]*(\s*)")

_MANY = 2
"""How many pages something may have that is not written out."""

Literal = ast.List | ast.Dict
Item = tuple[int, int]


@dataclass(slots=True)
class Pages:
    """What is known of the pages of an app.

    Attributes:
        edits: What puts ours among them.
        by_hand: What a person has to do instead, each a sentence that begins with a line.
    """

    edits: list[Edit] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)


def calls(tree: ast.Module) -> list[ast.Call]:
    """Return the calls of ``st.navigation``."""
    return names.calls(tree, "streamlit", "navigation")


def with_ours(source: Source, ours: Names) -> Pages:
    """Return how our page gets into each navigation of a source.

    A call that offers one page beside others that offer more is taken for a gate, such as a
    sign-in, and is left alone.
    """
    found = Pages()
    literals = [(call, _literal(source.tree, call)) for call in calls(source.tree)]
    gates = len({_count(literal) > 1 for _, literal in literals}) == 2
    for call, literal in literals:
        if literal is not None and gates and _count(literal) < 2:
            continue
        edits = _edits(source, call, literal, ours)
        if edits:
            found.edits += edits
        else:
            item = ours.page_item(_streamlit(call) or "st")
            found.by_hand.append(
                f"line {call.lineno}: the pages of st.navigation come from elsewhere; "
                f"add to them, by hand: {item}"
            )
    return found


def without_ours(source: Source, ours: Names) -> tuple[list[Edit], list[ast.expr], list[int]]:
    """Return what takes our page out, its nodes, and the lines where it has to stay."""
    edits: list[Edit] = []
    nodes: list[ast.expr] = []
    left: list[int] = []
    if not ours.page:
        return edits, nodes, left
    for node in ast.walk(source.tree):
        if not isinstance(node, Literal):
            continue
        items = _items(source, node)
        for place, each in enumerate(_nodes(node)):
            if not _is_ours(source, each, ours):
                continue
            cut = _cut(source, items, place)
            if cut:
                edits += cut
                nodes.append(each)
            else:
                left.append(each.lineno)
    return edits, nodes, left


def _literal(tree: ast.Module, call: ast.Call) -> Literal | None:
    """Return the list or dict that a navigation gets, written out for it alone."""
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "pages")]
    pages = given[0] if given else None
    if isinstance(pages, ast.Name):
        name = pages.id
        same = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == name]
        values = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign) and _targets(node) == [name]
        ]
        pages = values[0] if len(same) == 2 and len(values) == 1 else None
    return pages if isinstance(pages, Literal) else None


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [each.id if isinstance(each, ast.Name) else "" for each in targets]


def _count(literal: Literal | None) -> int:
    if isinstance(literal, ast.Dict):
        lists = [v for v in literal.values if isinstance(v, ast.List)]
        return sum(len(each.elts) for each in lists) + _MANY * (len(literal.values) - len(lists))
    return len(literal.elts) if literal is not None else _MANY


def _edits(source: Source, call: ast.Call, literal: Literal | None, ours: Names) -> list[Edit]:
    streamlit = _streamlit(call)
    if literal is None or not streamlit:
        return []
    text = ours.page_item(streamlit)
    if isinstance(literal, ast.Dict):
        keys = [k.value if isinstance(k, ast.Constant) else None for k in literal.keys]
        if SECTION in keys:
            section = literal.values[keys.index(SECTION)]
            return _append(source, section, text) if isinstance(section, ast.List) else []
        if None in keys:
            return []
        text = f'"{SECTION}": [{text}]'
    return _append(source, literal, text)


def _streamlit(call: ast.Call) -> str:
    """Return what the source calls Streamlit, of ``st.navigation``; nothing of a bare name."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner.id if isinstance(owner, ast.Name) else ""


def _append(source: Source, literal: Literal, text: str) -> list[Edit]:
    """Return what puts a text behind the last item; nothing where that is not plain to see."""
    items = _items(source, literal)
    if not items:
        return []
    start, end = items[-1]
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


def _nodes(literal: Literal) -> list[ast.expr]:
    return literal.values if isinstance(literal, ast.Dict) else literal.elts


def _items(source: Source, literal: Literal) -> list[Item]:
    if isinstance(literal, ast.List):
        return [source.span(each) for each in literal.elts]
    return [
        (source.span(key)[0] if key is not None else source.span(value)[0], source.span(value)[1])
        for key, value in zip(literal.keys, literal.values, strict=True)
    ]


def _is_ours(source: Source, node: ast.expr, ours: Names) -> bool:
    if isinstance(node, ast.List) and len(node.elts) == 1:
        inner = node.elts[0]
        return source.segment(node) == f"[{source.segment(inner)}]" and _is_ours(
            source, inner, ours
        )
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    return source.segment(node) == ours.page_item(source.segment(node.func.value))


def _cut(source: Source, items: list[Item], place: int) -> list[Edit]:
    """Return what takes an item out, with a comma and the gap; nothing if unsure."""
    if place == 0:
        return []
    text, before = source.text, items[place - 1][1]
    start, end = items[place]
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
