"""The code of a document, and what a comment before it says of it.

A comment in the line before a block is not drawn. It says how the block is meant:

- ``<!-- file: app.py -->``: the block is that file, which the blocks behind it may use;
- ``<!-- change: app.py -->``: a difference, to be applied to that file;
- ``<!-- fails: why -->``: its command ends with a failure, and has to;
- ``<!-- not run: why -->``: it cannot be run here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = re.compile(
    r"(?:^<!-- (?P<said>[a-z ]+): (?P<of>[^\n]*) -->\n)?^```(?P<language>\w*)\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_SAID = frozenset({None, "file", "change", "fails", "not run"})


@dataclass(frozen=True, slots=True)
class Block:
    """One block of code.

    Attributes:
        language: ``python``, ``sh``, …; empty for what is only shown.
        code: Its text.
        said: ``file``, ``change``, ``fails``, ``not run``, or None.
        of: The file or the reason.
        line: Where it stands in the document, from 1 on.
    """

    language: str
    code: str
    said: str | None
    of: str | None
    line: int


def blocks(document: Path) -> list[Block]:
    """Return a document's blocks of code, in their order."""
    text = document.read_text("utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        said, of, language, code = match.group("said", "of", "language", "code")
        assert said in _SAID, f"{document.name}: nobody knows what {said!r} means"
        found.append(Block(language, code, said, of, text.count("\n", 0, match.start()) + 1))
    return found


def changed(text: str, difference: str) -> str:
    """Return a text with a difference of whole lines applied, each of which has to be there."""
    for line in difference.splitlines(keepends=True):
        if line.startswith("-"):
            assert 1 == text.count(line[1:]), f"not there once: {line}"
            old = line[1:]
        else:
            text = text.replace(old, line[1:])
    return text
