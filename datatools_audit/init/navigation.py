"""The pages given to ``st.navigation``: where one more goes, and where ours stands."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.init import names
from datatools_audit.init.items import Literal, append, cut, items, values
from datatools_audit.init.lines import PAGE, SECTION, Names, says
from datatools_audit.init.source import Edit

if TYPE_CHECKING:
    from datatools_audit.init.source import Source

ADD = (
    'add to it, by hand: st.Page(diagnostics_page, title="Diagnostics"), '
    f"and import it: from {names.OURS} import {PAGE}"
)
"""What a person is asked to do where we cannot."""

_ADD_OTHERWISE = (
    f"add ours under another name, by hand: from {names.OURS} import {PAGE} as audit_page, "
    'and st.Page(audit_page, title="Diagnostics", url_path="audit")'
)
_MANY = 2
"""How many pages something may have that is not written out."""


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


def with_ours(source: Source) -> Pages:
    """Return how our page gets into each navigation of a source.

    A call that offers one page beside others that offer more is taken for a gate, such as a
    sign-in, and is left alone. Where the source has our page's name, each is left to a person:
    two pages of one address end an app.
    """
    found = Pages()
    literals = [(call, _literal(source.tree, call)) for call in calls(source.tree)]
    gates = len({_count(literal) > 1 for _, literal in literals}) == 2
    for call, literal in literals:
        if literal is not None and gates and _count(literal) < 2:
            continue
        where, page_class = f"line {call.lineno}", _page_class(source.tree, call)
        edits = _edits(source, literal, page_class)
        found.edits += edits
        if PAGE in source.text:
            found.by_hand.append(f"{where}: {PAGE} is there already; {_ADD_OTHERWISE}")
        elif not edits:
            found.by_hand.append(f"{where}: the list of pages is not written out there; {ADD}")
        elif _is_hidden(call):
            found.by_hand.append(
                f"{where}: this navigation is hidden; link to the page where "
                f"people find it, or have them open /{PAGE}"
            )
    return found


def without_ours(source: Source, ours: Names) -> tuple[list[Edit], list[ast.expr], list[int]]:
    """Return what takes our page out, its nodes, and the lines where it has to stay."""
    edits: list[Edit] = []
    gone: list[ast.expr] = []
    left: list[int] = []
    for node in ast.walk(source.tree) if ours.page else ():
        if not isinstance(node, Literal) or node in gone:
            continue
        there = items(source, node)
        for place, each in enumerate(values(node)):
            if not _is_ours(source, each, ours):
                continue
            taken = cut(source, there, place)
            if taken:
                edits += taken
                gone.append(each)
            else:
                left.append(each.lineno)
    return edits, gone, left


def _literal(tree: ast.Module, call: ast.Call) -> Literal | None:
    """Return the list or dict that a navigation gets, written out for it alone."""
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "pages")]
    pages = given[0] if given else None
    if isinstance(pages, ast.Name):
        pages = _value_of(tree, pages)
    return pages if isinstance(pages, Literal) else None


def _value_of(tree: ast.Module, given: ast.Name) -> ast.expr | None:
    """Return what a name was made as, if it is nothing else and at most more pages go into it."""
    mentions = {id(n) for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == given.id}
    mentions.discard(id(given))
    values = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if len(targets) == 1 and id(targets[0]) in mentions:
                values.append(node.value)
                mentions.discard(id(targets[0]))
        owner = _grown(node)
        if owner is not None:
            mentions.discard(id(owner))
    return values[0] if len(values) == 1 and not mentions else None


def _grown(node: ast.AST) -> ast.expr | None:
    """Return what gets more pages: of ``pages += …``, ``pages["A"] = …``, ``pages.append(…)``."""
    if isinstance(node, ast.AugAssign):
        return node.target
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        key = node.slice
        is_other = isinstance(key, ast.Constant) and key.value != SECTION
        return node.value if is_other else None
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        method = node.value.func
        if isinstance(method, ast.Attribute) and method.attr in ("append", "extend"):
            return method.value
    return None


def _is_hidden(call: ast.Call) -> bool:
    said = [word.value for word in call.keywords if word.arg == "position"]
    return any(isinstance(each, ast.Constant) and each.value == "hidden" for each in said)


def _count(literal: Literal | None) -> int:
    if isinstance(literal, ast.Dict):
        lists = [v for v in literal.values if isinstance(v, ast.List)]
        return sum(len(each.elts) for each in lists) + _MANY * (len(literal.values) - len(lists))
    return len(literal.elts) if literal is not None else _MANY


def _edits(source: Source, literal: Literal | None, page_class: str) -> list[Edit]:
    if literal is None or not page_class or PAGE in source.text:
        return []
    text = Names(page=PAGE).page_item(page_class)
    if isinstance(literal, ast.Dict):
        keys = [k.value if isinstance(k, ast.Constant) else None for k in literal.keys]
        if SECTION in keys:
            section = literal.values[keys.index(SECTION)]
            return append(source, section, text) if isinstance(section, ast.List) else []
        if None in keys:
            return []
        text = f'"{SECTION}": [{text}]'
    return append(source, literal, text)


def _page_class(tree: ast.Module, call: ast.Call) -> str:
    """Return what makes pages in a source that calls ``st.navigation`` so; nothing if unsure."""
    if isinstance(call.func, ast.Attribute):
        return f"{ast.unparse(call.func.value)}.Page"
    return min(names.members(tree, "streamlit", "Page"), default="")


def _is_ours(source: Source, node: ast.expr, ours: Names) -> bool:
    inner = node.elts[0] if isinstance(node, ast.List) and len(node.elts) == 1 else node
    if not isinstance(inner, ast.Call) or "#" in source.segment(node):
        return False
    return says(inner, ours.page_item(ast.unparse(inner.func)))
