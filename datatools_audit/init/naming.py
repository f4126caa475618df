"""What an app is called: by its title, its project, its folder or its script."""

from __future__ import annotations

import ast
import tomllib
from typing import TYPE_CHECKING

from datatools_audit.init import names
from datatools_audit.init.project import KNOWN, SRC

if TYPE_CHECKING:
    from pathlib import Path

    from datatools_audit.init.project import Project
    from datatools_audit.init.source import Source


def app_name(project: Project, source: Source) -> str:
    """Return what an app is called: by its title, its project, its folder or its script."""
    titles = [
        word.value.value
        for call in names.calls(source.tree, "streamlit", "set_page_config")
        for word in call.keywords
        if word.arg == "page_title" and isinstance(word.value, ast.Constant)
    ]
    stem, folder = project.entry.stem, project.entry.parent
    home = folder.parent if folder.name == SRC else folder
    for each in (*titles, _project_name(home), home.name if stem.lower() in KNOWN else "", stem):
        shown = " ".join("".join(c if c.isprintable() else " " for c in str(each)).split())
        if isinstance(each, str) and shown:
            return shown
    return "app"


def _project_name(folder: Path) -> str:
    try:
        told = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    table = told.get("project")
    name = table.get("name") if isinstance(table, dict) else None
    return name if isinstance(name, str) else ""
