"""The lines that we add, and how they are known again.

Each line carries the mark, so that who reads the source sees where it comes from, and so that
it is taken out only if it says what was put in, be it in other quotes or over more lines, as a
program that formats has left it. What goes into a list of pages has no line of its own; it is
known by what it says and by the marked import that its name comes from.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.init import names
from datatools_audit.init.source import NotUnderstoodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.init.source import Source

MARK = "# added by datatools-audit init"
GAP = "  "
TITLE = "Diagnostics"
SECTION = "Support"
INSTRUMENT, PAGE = "instrument", "diagnostics_page"
_OTHERWISE = "audit_"


@dataclass(frozen=True, slots=True)
class Names:
    """What our functions are called in a source.

    Attributes:
        instrument: The call's.
        page: The Diagnostics page's; empty where it is not imported.
    """

    instrument: str = INSTRUMENT
    page: str = ""

    @property
    def import_line(self) -> str:
        """The line that imports them."""
        pairs = [(PAGE, self.page), (INSTRUMENT, self.instrument)]
        taken = ", ".join(n if n == said else f"{n} as {said}" for n, said in pairs if said)
        return f"from {names.OURS} import {taken}{GAP}{MARK}"

    def call_line(self, app: str) -> str:
        """Return the line of the call; the app's name as it is written, in its quotes."""
        return f"{self.instrument}(app={app}){GAP}{MARK}"

    def page_item(self, page_class: str) -> str:
        """Return what stands in a list of pages; ``page_class`` is what makes pages there."""
        return f'{page_class}({self.page}, title="{TITLE}")'


@dataclass(frozen=True, slots=True)
class Ours:
    """What a source has of ours.

    Attributes:
        names: What our functions are called in it.
        import_: The import.
        call: The call.
        edited: Lines that have the mark and are not what was put in.
    """

    names: Names
    import_: ast.stmt | None
    call: ast.stmt | None
    edited: tuple[int, ...]


def free_name(tree: ast.Module) -> str:
    """Return a name for ``instrument`` that a source has not used for anything.

    Raises:
        NotUnderstoodError: There is none.
    """
    taken = names.used(tree)
    for each in (INSTRUMENT, _OTHERWISE + INSTRUMENT):
        if each not in taken:
            return each
    raise NotUnderstoodError(f"uses the name {INSTRUMENT} for something else")


def literal(text: str, encoding: str) -> str:
    """Return a text in quotes, as a source of that encoding can have it."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in plain)
    return f'"{escaped.encode(encoding, "backslashreplace").decode(encoding)}"'


def ours_in(source: Source) -> Ours:
    """Return what a source has of ours; of two alike the first."""
    comments = list(source.comments())
    marked = {line for line, comment in comments if MARK in comment}
    found, import_, call = Names(), None, None
    for statement in source.tree.body:
        if marked.isdisjoint(lines_of(statement)) or not _is_alone(source, statement, comments):
            continue
        read = _names_of(statement)
        if read is not None and import_ is None:
            found, import_ = read, statement
        elif import_ is not None and call is None and _is_call(statement, found):
            call = statement
    known = {line for each in (import_, call) if each is not None for line in lines_of(each)}
    return Ours(found, import_, call, tuple(sorted(marked - known)))


def lines_of(statement: ast.stmt) -> range:
    """Return the numbers of the lines on which a statement stands."""
    return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)


def _is_alone(source: Source, statement: ast.stmt, comments: Sequence[tuple[int, str]]) -> bool:
    """Tell whether a statement has its lines for itself, and no comment but the mark."""
    there = lines_of(statement)
    if [comment for line, comment in comments if line in there] != [MARK]:
        return False
    start, end = source.span(statement)
    behind = source.text[end : source.starts[there[-1] - 1] + len(source.line(there[-1]))]
    return start == source.starts[there[0] - 1] and behind.strip() in ("", MARK)


def _names_of(statement: ast.stmt) -> Names | None:
    """Return what a statement imports if it is an import that we put in, however it is written."""
    if not isinstance(statement, ast.ImportFrom) or statement.module != names.OURS:
        return None
    said = {alias.name: alias.asname or alias.name for alias in statement.names}
    read = Names(said.get(INSTRUMENT, INSTRUMENT), said.get(PAGE, ""))
    return read if says(statement, read.import_line) else None


def _is_call(statement: ast.stmt, found: Names) -> bool:
    if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)):
        return False
    words = statement.value.keywords
    if len(words) != 1 or not isinstance(words[0].value, ast.Constant):
        return False
    app = words[0].value.value
    return isinstance(app, str) and says(statement, found.call_line(repr(app)))


def says(node: ast.stmt | ast.expr, text: str) -> bool:
    """Tell whether a node says what a text does, in whatever quotes and lines."""
    return ast.unparse(node) == ast.unparse(ast.parse(text))
