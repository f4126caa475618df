"""Modules of ours as parts of a test that stands alone."""

from __future__ import annotations

import ast
import pkgutil
from functools import cache

_Import = ast.Import | ast.ImportFrom
_PACKAGE = "datatools_audit.support.reproduce"
_OWN = ("from pathlib import Path",)
_FOREIGN = ("import pytest", "import streamlit as st", "from streamlit.testing.v1 import AppTest")


def imports(*modules: str) -> list[str]:
    """Return the lines of import that these modules need, and the test itself, in order."""
    found = set(_OWN)
    for name in modules:
        found |= {ast.unparse(each) for each in _parsed(name)[0] if not _is_ours(each)}
    future = [line for line in found if "__future__" in line]
    standard = sorted(found - set(future), key=lambda line: (line.startswith("from"), line))
    return [*future, "", *standard, "", *_FOREIGN]


def body(module: str) -> str:
    """Return a module's source without its first docstring and its imports."""
    _, first, text = _parsed(module)
    return "\n".join(text.splitlines()[first - 1 :]).rstrip()


def _is_ours(each: _Import) -> bool:
    """Tell whether a module imports another one that is copied too."""
    return isinstance(each, ast.ImportFrom) and str(each.module).startswith(_PACKAGE)


@cache
def _parsed(module: str) -> tuple[list[_Import], int, str]:
    """Return a module's imports, the number of the first line behind them, and its source."""
    text = (pkgutil.get_data(_PACKAGE, f"{module}.py") or b"").decode()
    tree = ast.parse(text).body
    found = [each for each in tree if isinstance(each, _Import)]
    rest = next(each for each in tree[1:] if not isinstance(each, _Import))
    return found, rest.lineno, text
