"""What a source's names stand for: Streamlit's, ours, its own."""

from __future__ import annotations

import ast

OURS = "streamlit_ext"


def used(tree: ast.Module) -> set[str]:
    """Return every name that stands anywhere in a source, whatever it is there."""
    found: set[str] = set()
    for node in ast.walk(tree):
        for field in ("id", "arg", "name", "asname", "rest"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.add(value.partition(".")[0])
        if isinstance(node, ast.Global | ast.Nonlocal):
            found |= set(node.names)
    return found


def modules(tree: ast.Module, package: str) -> set[str]:
    """Return the names by which a source calls a package: ``st`` of ``import streamlit as st``."""
    return {
        alias.asname or package
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == package or (alias.name.startswith(f"{package}.") and not alias.asname)
    }


def members(tree: ast.Module, package: str, member: str) -> set[str]:
    """Return the names by which a source calls a member that it imports from a package."""
    return {
        alias.asname or member
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == package and not node.level
        for alias in node.names
        if alias.name in (member, "*")
    }


def calls(tree: ast.Module, package: str, member: str) -> list[ast.Call]:
    """Return the calls of a package's member, however it was imported, in their order."""
    whole, single = modules(tree, package), members(tree, package, member)
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_of(node.func, whole, single, member)
    ]
    return sorted(found, key=lambda call: (call.lineno, call.col_offset))


def mentions(tree: ast.Module, package: str) -> bool:
    """Tell whether a source imports a package or something of it."""
    return any(name.partition(".")[0] == package for name in imported(tree))


def imported(tree: ast.Module) -> list[str]:
    """Return the full names of what a source imports, members too; relative ones with dots."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            joint = "" if base.endswith(".") or not base else "."
            found += [base, *(f"{base}{joint}{alias.name}" for alias in node.names)]
    return [name for name in found if name]


def _is_of(function: ast.expr, whole: set[str], single: set[str], member: str) -> bool:
    if isinstance(function, ast.Attribute):
        owner = function.value
        return function.attr == member and isinstance(owner, ast.Name) and owner.id in whole
    return isinstance(function, ast.Name) and function.id in single
