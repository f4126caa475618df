"""What takes out of an app what was added to it. Nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.errors import AuditError
from datatools_audit.init import pagefile
from datatools_audit.init.applying import Change
from datatools_audit.init.editing import removed
from datatools_audit.init.lines import MARK
from datatools_audit.init.plan import Plan, readable, take

if TYPE_CHECKING:
    from pathlib import Path

    from datatools_audit.init.project import Project


def undo(project: Project) -> Plan:
    """Return what takes out of an app what ``plan`` has put in, where that is as it was.

    Raises:
        AuditError: The entry script cannot be read.
    """
    made = Plan()
    for path in [project.entry, *project.pages]:
        try:
            data = readable(project, path)
            if path != project.entry and pagefile.is_ours(data):
                _remove_page_file(made, project, path, data)
                continue
            if MARK.encode() in data:
                take(made, project, path, data, removed)
        except AuditError as error:
            if path == project.entry:
                raise
            made.notes.append(f"{error}; left as it is")
            made.left = True
    if not made.changes and not made.left:
        made.state = f"{project.name(project.entry)}: nothing of `datatools-audit init` is in it."
    return made


def _remove_page_file(made: Plan, project: Project, path: Path, data: bytes) -> None:
    if pagefile.is_unchanged(data):
        made.changes.append(Change(path, data, None, with_folder=pagefile.has_folder(data)))
    else:
        made.notes.append(f"{project.name(path)} was changed since, and stays")
        made.left = True
