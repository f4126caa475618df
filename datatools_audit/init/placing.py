"""Where in a source the call goes: behind its imports, before anything that can draw."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import TYPE_CHECKING

from datatools_audit.init.source import NotUnderstoodError

if TYPE_CHECKING:
    from datatools_audit.init.source import Source

_QUIET = sys.stdlib_module_names | {"__future__", "dotenv"}
"""What cannot draw when it is called; `load_dotenv()` may even say where the log goes."""

_LOUD = {"exec", "eval", "__import__"}
_PLAIN = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)


def line_before(source: Source) -> int:
    """Return the number of the line behind which the import and the call go; 0 for the top.

    Raises:
        NotUnderstoodError: Nothing runs in it, or there is no such line.
    """
    body = source.tree.body
    first = 1 if ast.get_docstring(source.tree, clean=False) is not None else 0
    if len(body) == first:
        raise NotUnderstoodError("has nothing in it that runs")
    head = _head(body[first:])
    nexts = [_first_line(each) for each in body[first + 1 :]] + [sys.maxsize]
    places = [
        statement.end_lineno or statement.lineno
        for statement, following in zip(head, nexts, strict=False)
        if _imports(statement) and following > (statement.end_lineno or statement.lineno)
    ]
    if places:
        return places[-1]
    before = _first_line(body[first]) - 1
    if first and (body[0].end_lineno or 1) > before:
        raise NotUnderstoodError("has its first statement on the line of its docstring")
    return before


def _head(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements up to the first that can draw."""
    quiet = set(dir(builtins)) - _LOUD | {"__file__", "__name__"}
    head: list[ast.stmt] = []
    for statement in body:
        if not _is_quiet(statement, quiet):
            break
        head.append(statement)
    return head


def _is_quiet(statement: ast.stmt, quiet: set[str]) -> bool:
    """Tell whether a statement cannot draw; add the names that it makes to the quiet ones."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        quiet -= {a.asname or a.name.partition(".")[0] for a in statement.names}
        quiet |= _quiet_names(statement)
        return True
    if isinstance(statement, ast.If):
        if isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING":
            return True
        parts = [*statement.body, *statement.orelse]
        return _is_known(statement.test, quiet) and all(_is_quiet(s, quiet) for s in parts)
    if isinstance(statement, ast.Try):
        handlers = [each for handler in statement.handlers for each in handler.body]
        parts = [*statement.body, *handlers, *statement.orelse, *statement.finalbody]
        return all(_is_quiet(each, quiet) for each in parts)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, _PLAIN) and _is_known(statement, quiet)
    )


def _is_known(node: ast.AST, quiet: set[str]) -> bool:
    named = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    if any(isinstance(each.ctx, ast.Load) and each.id not in quiet for each in named):
        return False
    quiet |= {each.id for each in named}
    return True


def _quiet_names(statement: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(statement, ast.ImportFrom):
        root = "" if statement.level else (statement.module or "").partition(".")[0]
        return {a.asname or a.name for a in statement.names} if root in _QUIET else set()
    quiet = [a for a in statement.names if a.name.partition(".")[0] in _QUIET]
    return {a.asname or a.name.partition(".")[0] for a in quiet}


def _imports(statement: ast.stmt) -> bool:
    return any(isinstance(each, ast.Import | ast.ImportFrom) for each in ast.walk(statement))


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])
