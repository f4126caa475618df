"""An app on the disk: its entry script, and what belongs to it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.errors import AuditError
from datatools_audit.init import names
from datatools_audit.init.source import NotUnderstoodError, Source, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PAGES = "pages"
SRC = "src"
KNOWN = ("streamlit_app", "app", "main", "home", "index", "dashboard", "hello", "welcome", "run")
"""What entry scripts are called, in lower case, without a number or a picture before it."""

_SKIPPED = {"node_modules", "site-packages", "tests", "test", "venv", "env", PAGES}
_TESTS = re.compile(r"^(test_|conftest$|setup$)|_test$")
_MOST_MODULES = 200


@dataclass(frozen=True, slots=True)
class Project:
    """An app.

    Attributes:
        entry: Its entry script, links resolved, as Streamlit does it.
        root: The folder that nothing of it may lie outside of.
        shown: The folder from which its paths are told.
    """

    entry: Path
    root: Path
    shown: Path

    @property
    def pages(self) -> list[Path]:
        """The files of its folder ``pages`` that Streamlit shows."""
        found = sorted((self.entry.parent / PAGES).glob("*.py"))
        return [p for p in found if p.name != "__init__.py" and not p.name.startswith(".")]

    def name(self, path: Path) -> str:
        """Return a path as a person reads it, from where the command was called."""
        near = path.is_relative_to(self.shown)
        return (path.relative_to(self.shown) if near else path).as_posix()


def project(script: Path) -> Project:
    """Return the app of an entry script.

    Raises:
        AuditError: It is no such script, or a link that leads out of its folder.
    """
    if script.suffix == ".ipynb":
        raise AuditError(f"{script} is a notebook; name the script that `streamlit run` takes")
    if script.suffix != ".py":
        raise AuditError(f"{script} is no Python script; name the one that `streamlit run` takes")
    entry, root = script.resolve(), script.parent.resolve()
    if not entry.is_relative_to(root):
        raise AuditError(f"{script} is a link out of its folder, to {entry}; name that one")
    here = Path.cwd().resolve()
    return Project(entry, root, here if entry.is_relative_to(here) else root)


def candidates(folder: Path) -> list[Path]:
    """Return the scripts of a folder that may be the entry, the likeliest first.

    What others import or give to ``st.Page`` is none. Where the folder itself has none, those
    below it and in its ``src`` are looked at: that have ``pages`` or ``.streamlit``, then all.
    """
    found = _in(folder)
    if found:
        return found
    below = _folders(folder) + _folders(folder / SRC)
    marked = [p for p in below if (p / PAGES).is_dir() or (p / ".streamlit").is_dir()]
    for folders in (marked, below):
        found = [script for each in folders for script in _in(each)]
        if found:
            return found
    return []


def unread(folder: Path) -> str:
    """Return why a script of a folder that may be its app's is not read; empty where all are."""
    for path in sorted(folder.glob("*.py")):
        try:
            data = path.read_bytes()
            parsed(data)
        except OSError as error:
            return f"{path} cannot be read: {error.strerror}"
        except NotUnderstoodError as error:
            if b"streamlit" in data:
                return f"{path} {error}"
    return ""


def local_modules(entry: Path, source: Source) -> Iterator[tuple[Path, Source]]:
    """Yield the modules beside an entry script that it imports, and what those import."""
    seen = {entry}
    waiting = [(entry, source)]
    while waiting and len(seen) < _MOST_MODULES:
        importer, tree = waiting.pop(0)
        for path in _paths(entry.parent, importer, names.imported(tree.tree)):
            read = _read(path) if path not in seen else None
            seen.add(path)
            if read is not None:
                waiting.append((path, read))
                yield path, read


def _folders(folder: Path) -> list[Path]:
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if path.is_dir() and not _is_skipped(path.name))


def _in(folder: Path) -> list[Path]:
    """Return the candidates of one folder: those that look like an entry, or else all."""
    scripts = [p for p in sorted(folder.glob("*.py")) if p.is_file() and not _TESTS.search(p.stem)]
    read = {path: source for path in scripts if (source := _read(path)) is not None}
    sources = {path: source for path, source in read.items() if _draws(path, source)}
    used = {name for path, source in read.items() for name in _used(source) if name != path.name}
    free = [path for path in sources if path.name not in used] or list(sources)
    strong = [path for path in free if _rank(path) or _is_entry(sources[path])]
    return sorted(strong or free, key=lambda path: (-_rank(path), path.name))


def _draws(path: Path, source: Source) -> bool:
    """Tell whether a script imports streamlit, or a module beside it that does."""
    modules = [source, *(module for _, module in local_modules(path, source))]
    return any(names.mentions(module.tree, "streamlit") for module in modules)


def _used(source: Source) -> set[str]:
    """Return the names of the files that a source imports or names in a call of ``Page``."""
    given = {
        Path(argument.value).name
        for call in names.calls(source.tree, "streamlit", "Page")
        for argument in call.args[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    return given | {
        f"{name.lstrip('.').partition('.')[0]}.py" for name in names.imported(source.tree)
    }


def _rank(path: Path) -> int:
    stem = path.stem.lower()
    while (stem and not stem[0].isascii()) or stem[:1].isdigit() or stem[:1] in ("_", "-", " "):
        stem = stem[1:]
    return len(KNOWN) - KNOWN.index(stem) if stem in KNOWN else 0


def _is_entry(source: Source) -> bool:
    members = ("navigation", "set_page_config")
    return any(names.calls(source.tree, "streamlit", member) for member in members)


def _is_skipped(name: str) -> bool:
    return name.startswith((".", "_")) or name.lower() in _SKIPPED


def _read(path: Path) -> Source | None:
    try:
        return parsed(path.read_bytes())
    except (OSError, NotUnderstoodError):
        return None


def _paths(base: Path, importer: Path, imported: Sequence[str]) -> Iterator[Path]:
    for name in imported:
        dots = len(name) - len(name.lstrip("."))
        folder = base if not dots else importer.parents[min(dots, len(importer.parents)) - 1]
        path = folder.joinpath(*name.strip(".").split("."))
        for each in (path.with_suffix(".py"), path / "__init__.py"):
            if each.is_file():
                yield each
