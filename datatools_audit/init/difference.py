"""Changes of files as a unified diff, of which nothing acts in a terminal."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from datatools_audit.init.source import NotUnderstoodError, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatools_audit.init.applying import Change

_NEWLINE = re.compile(r"\r\n|\r|\n")
_NONE = "/dev/null"


def difference(change: Change, name: str) -> Iterator[str]:
    """Yield the lines of a change's diff; a control character is spelled out."""
    before, after = _lines(change.before), _lines(change.after)
    old = f"a/{name}" if change.before is not None else _NONE
    new = f"b/{name}" if change.after is not None else _NONE
    for line in difflib.unified_diff(before, after, old, new, lineterm=""):
        end = "\n\\ No newline at end of file" if line.endswith("\0") else ""
        yield _shown(line.removesuffix("\0")) + end


def _lines(data: bytes | None) -> list[str]:
    """Return the lines; the last has a zero at its end where it has no newline."""
    if not data:
        return []
    try:
        text = parsed(data).text
    except NotUnderstoodError:
        text = data.decode("utf-8", "replace")
    *lines, rest = _NEWLINE.split(text)
    return [*lines, f"{rest}\0"] if rest else lines


def _shown(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(
        c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in line
    )
