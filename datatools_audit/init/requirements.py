"""Whether an app's list of packages has this one. It is only read."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = "datatools-audit"
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_LEVELS = 3


def lacking(folder: Path) -> Path | None:
    """Return the nearest list of packages if it lacks this one; None if it has it or none is there.

    Args:
        folder: The entry script's; then the folders above it, up to the root of a repository.
    """
    for each in [folder, *folder.parents][:_LEVELS]:
        lists = [path for path in _lists(each) if path.is_file()]
        said = [(path, _packages(path)) for path in lists]
        known = [(path, found) for path, found in said if found is not None]
        if known:
            return None if any(PACKAGE in found for _, found in known) else known[0][0]
        if (each / ".git").exists():
            break
    return None


def _lists(folder: Path) -> list[Path]:
    return [folder / "requirements.txt", folder / "pyproject.toml"]


def _packages(path: Path) -> set[str] | None:
    """Return the names in a list of packages; None where it is none."""
    try:
        text = path.read_text("utf-8", "replace")
        if path.suffix == ".txt":
            return {_plain(line) for line in text.splitlines()}
        told = tomllib.loads(text)
    except (OSError, ValueError):
        return None
    found = list(_declared(told))
    return {_plain(each) for each in found} if found else None


def _declared(told: dict[str, object]) -> Iterator[str]:
    """Yield what a pyproject.toml declares, in its standard tables and in Poetry's."""
    project = _table(told, "project")
    lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    lists += _table(told, "dependency-groups").values()
    for each in lists:
        if isinstance(each, list):
            yield from (item for item in each if isinstance(item, str))
    yield from _table(_table(_table(told, "tool"), "poetry"), "dependencies")


def _table(told: dict[str, object], name: str) -> dict[str, object]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _plain(requirement: str) -> str:
    match = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", match[1]).lower() if match else ""
