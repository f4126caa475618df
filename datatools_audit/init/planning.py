"""What has to change in an app, so that it is recorded. Nothing is written."""

from __future__ import annotations

import ast
import tomllib
from typing import TYPE_CHECKING

from datatools_audit.errors import AuditError
from datatools_audit.init import names, navigation, pagefile
from datatools_audit.init.applying import Change
from datatools_audit.init.editing import added, is_instrumented
from datatools_audit.init.lines import MARK
from datatools_audit.init.naming import app_name
from datatools_audit.init.plan import Plan, readable, take, understood
from datatools_audit.init.project import PAGES, local_modules
from datatools_audit.init.requirements import lacking
from datatools_audit.init.source import NotUnderstoodError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from datatools_audit.init.project import Project
    from datatools_audit.init.source import Source


def plan(
    project: Project, app: str | None = None, *, page: bool = True, others: Sequence[Path] = ()
) -> Plan:
    """Return what adds the recorder to an app.

    Args:
        project: The app.
        app: Its name in the records; told by its title, its project or its folder when None.
        page: Whether there is to be a Diagnostics page.
        others: Scripts that may be the entry of other apps.

    Raises:
        AuditError: The entry script is left as it is; the message says why.
    """
    data = readable(project, project.entry)
    source = understood(project, project.entry, data)
    if is_instrumented(source):
        return _rest(project, data, source, app)
    for path, module in local_modules(project.entry, source):
        if is_instrumented(module):
            return Plan(state=f"{project.name(path)} calls instrument() already; nothing to do.")
    app = app or app_name(project, source)
    made = Plan()
    navigates = navigation.calls(source.tree)
    elsewhere = [] if navigates else _navigating(project, source)
    _add(made, project, project.entry, app, page=page and bool(navigates))
    if page and elsewhere:
        made.notes.append(f"{elsewhere[0]}: the list of pages is made there; {navigation.ADD}")
        made.left = True
    for path in project.pages:  # where st.navigation has them too: see docs/guides/existing.md
        _add_to_page(made, project, path, app)
    if page and not navigates and not elsewhere:
        _add_page_file(made, project, app, source.newline(), others)
    _tell_requirements(made, project)
    return made


def _rest(project: Project, data: bytes, source: Source, app: str | None) -> Plan:
    """Return what is missing where the entry script calls already: our line in new pages."""
    made = Plan(state=f"{project.name(project.entry)} calls instrument() already; nothing to do.")
    if MARK.encode() not in data:
        return made
    said = [
        word.value.value
        for call in names.calls(source.tree, names.OURS, "instrument")
        for word in call.keywords
        if word.arg == "app" and isinstance(word.value, ast.Constant)
    ]
    known = said[0] if said and isinstance(said[0], str) else ""
    for path in project.pages:
        _add_to_page(made, project, path, app or known or project.entry.stem)
    if made.changes:
        made.state = ""
    return made


def _add(made: Plan, project: Project, path: Path, app: str, *, page: bool) -> None:
    data = readable(project, path)
    take(made, project, path, data, lambda old: added(old, app, page=page))


def _add_to_page(made: Plan, project: Project, path: Path, app: str) -> None:
    try:
        data = readable(project, path)
        if pagefile.is_ours(data) or is_instrumented(understood(project, path, data)):
            return
        _add(made, project, path, app, page=False)
    except AuditError as error:
        made.notes.append(f"{error}; left as it is")
        made.left = True


def _add_page_file(
    made: Plan, project: Project, app: str, newline: str, others: Sequence[Path]
) -> None:
    if any(map(_is_ours, project.pages)):
        return
    folder = project.entry.parent / PAGES
    by_hand = "a page that calls diagnostics_page() of streamlit_ext is yours to add"
    beside = [project.name(p) for p in others if p.resolve().parent == folder.parent]
    if beside:
        made.notes.append(f"a folder pages would be {' and '.join(beside)}'s too; {by_hand}")
        made.left = True
        return
    try:
        name = pagefile.name_beside([path.stem for path in project.pages])
    except NotUnderstoodError as error:
        made.notes.append(f"{project.name(folder)} {error}: {by_hand}")
        made.left = True
        return
    new = not folder.exists()
    content = pagefile.content(app, newline, with_folder=new)
    made.changes.append(Change(folder / name, None, content, with_folder=new))
    settings = project.entry.parent / ".streamlit" / "config.toml"
    if _hides_pages(settings):
        made.notes.append(
            f"{project.name(settings)} hides the list of pages; link to it where you want: "
            f'st.page_link("{PAGES}/{name}")'
        )


def _is_ours(path: Path) -> bool:
    try:
        return pagefile.is_ours(path.read_bytes())
    except OSError:
        return False


def _navigating(project: Project, source: Source) -> list[str]:
    """Return where modules that an entry script imports call ``st.navigation``."""
    return [
        f"{project.name(path)}, line {call.lineno}"
        for path, module in local_modules(project.entry, source)
        for call in navigation.calls(module.tree)
    ]


def _hides_pages(settings: Path) -> bool:
    try:
        told = tomllib.loads(settings.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    client = told.get("client")
    return isinstance(client, dict) and client.get("showSidebarNavigation") is False


def _tell_requirements(made: Plan, project: Project) -> None:
    lists = lacking(project.entry.parent)
    if lists is not None:
        made.notes.append(f"{project.name(lists)} does not list datatools-audit; add it there")
