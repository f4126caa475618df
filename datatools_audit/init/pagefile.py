"""The file of the Diagnostics page in a folder ``pages``: its name and its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datatools_audit.init.lines import TITLE, literal
from datatools_audit.init.source import NotUnderstoodError

if TYPE_CHECKING:
    from collections.abc import Sequence

_PARTS = re.compile(r"(\d*)([_ -]*)(.*)", re.DOTALL)
_HEAD = "# What this app has recorded. Added by datatools-audit init"
_WITH_FOLDER = ", with this folder"
_APP = re.compile(r'instrument\(app=("(?:[^"\\\r\n]|\\.)*")\)')


def name_beside(stems: Sequence[str]) -> str:
    """Return the file's name in the style of the others: their numbers, their case.

    Args:
        stems: The names of the files that are there, without their ending.

    Raises:
        NotUnderstoodError: One of them has that title.
    """
    parts = [match.groups() for stem in stems if (match := _PARTS.fullmatch(stem))]
    labels = [_letters(label) for _, _, label in parts]
    if TITLE.lower() in [label.lower() for label in labels]:
        raise NotUnderstoodError(f"has a page {TITLE} already")
    is_lower = bool(labels) and all(label == label.lower() for label in labels)
    title = TITLE.lower() if is_lower else TITLE
    numbered = [(number, gap) for number, gap, _ in parts if number]
    if not numbered:
        return f"{title}.py"
    width = max((len(n) for n, _ in numbered if n.startswith("0")), default=0)
    last = max(int(number) for number, _ in numbered) + 1
    return f"{last:0{width}d}{numbered[-1][1] or '_'}{title}.py"


def content(app: str, newline: str, *, with_folder: bool) -> bytes:
    """Return the file.

    Args:
        app: The app's name.
        newline: As the entry script has it.
        with_folder: Whether the folder is made for it, and goes with it.
    """
    return _content(literal(app, "utf-8"), newline, with_folder=with_folder)


def is_ours(data: bytes) -> bool:
    """Tell whether a file begins as ours does."""
    return data.startswith(_HEAD.encode())


def is_unchanged(data: bytes) -> bool:
    """Tell whether a file is exactly what was put there."""
    text = data.decode("utf-8", "replace")
    found = _APP.search(text)
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n"
    forms = (
        (_content(found[1], newline, with_folder=each) for each in (False, True)) if found else ()
    )
    return data in forms


def has_folder(data: bytes) -> bool:
    """Tell whether the folder was made for the file."""
    return data.startswith((_HEAD + _WITH_FOLDER).encode())


def _content(app: str, newline: str, *, with_folder: bool) -> bytes:
    lines = [
        f"{_HEAD}{_WITH_FOLDER if with_folder else ''}.",
        "from streamlit_ext import diagnostics_page, instrument",
        "",
        f"instrument(app={app})",
        "diagnostics_page()",
        "",
    ]
    return newline.join(lines).encode()


def _letters(label: str) -> str:
    return "".join(c for c in label if c.isalnum() and (c.isascii() or c.isalpha()))
