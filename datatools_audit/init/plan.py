"""A plan for an app: the changes of its files, and what a person should know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.errors import AuditError
from datatools_audit.init.applying import Change, refusal
from datatools_audit.init.source import NotUnderstoodError, parsed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from datatools_audit.init.editing import Edited
    from datatools_audit.init.project import Project
    from datatools_audit.init.source import Source


@dataclass(slots=True)
class Plan:
    """What is to be done with an app.

    Attributes:
        changes: Of its files.
        notes: What a person should know, or has to do, each a sentence.
        left: Whether something is left to the person that should have been done.
        state: Why nothing has to be done; empty where something has.
    """

    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: bool = False
    state: str = ""


def take(
    made: Plan, project: Project, path: Path, data: bytes, edit: Callable[[bytes], Edited]
) -> None:
    """Take an edited source into the plan, with what it leaves to a person."""
    name = project.name(path)
    try:
        edited = edit(data)
    except NotUnderstoodError as error:
        raise AuditError(f"{name} {error}") from error
    target = path.resolve()
    if edited.data != data and target not in [change.path for change in made.changes]:
        made.changes.append(Change(target, data, edited.data))
    made.notes += [f"{name}, {each}" for each in edited.by_hand]
    made.left = made.left or bool(edited.by_hand)


def readable(project: Project, path: Path) -> bytes:
    """Return the bytes of a file of the app that may be written to.

    Raises:
        AuditError: It lies elsewhere, or may not be written.
    """
    name = project.name(path)
    if not path.resolve().is_relative_to(project.root):
        raise AuditError(f"{name} is a link out of the app's folder")
    try:
        why = refusal(path.resolve())
        if why is None:
            return path.read_bytes()
    except OSError as error:
        why = f"cannot be read: {error.strerror or error}"
    raise AuditError(f"{name} {why}")


def understood(project: Project, path: Path, data: bytes) -> Source:
    """Return a file's source.

    Raises:
        AuditError: Python does not read it.
    """
    try:
        return parsed(data)
    except NotUnderstoodError as error:
        raise AuditError(f"{project.name(path)} {error}") from error
