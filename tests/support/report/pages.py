"""Reports made in memory, and what a page of one holds."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datatools_audit.reading.reader import parse_line
from datatools_audit.record import strict
from datatools_audit.support.completeness import Completeness
from datatools_audit.support.report.gathering import Gathering
from datatools_audit.support.report.making import report
from datatools_audit.support.report.origins import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datatools_audit.support.report.model import Report

_BLOCKS = frozenset("title h1 h2 h3 p dt dd li td th pre summary footer caption".split())
MADE_AT = 1_779_192_000_000


def gathered(
    lines: Iterable[bytes], completeness: Completeness | None = None, **limits: Any
) -> Gathering:
    """Return what is gathered of lines."""
    found, offset, records = Gathering(**limits), 0, []
    for line in lines:
        records.append(parse_line(line, Path("log.jsonl"), offset))
        offset += len(line)
    found.take(records, completeness or Completeness())
    return found


def reported_lines(lines: Iterable[bytes], origin: Origin | None = None, **more: Any) -> Report:
    """Return the report of lines."""
    completeness = Completeness()
    found = gathered(lines, completeness)
    return report(found, [(origin or Origin("log.jsonl"), completeness)], made_at=MADE_AT, **more)


def reported(records: Iterable[Mapping[str, object]], **more: Any) -> Report:
    """Return the report of records."""
    return reported_lines((strict.dumps(record) + b"\n" for record in records), **more)


class Page(HTMLParser):
    """What a page has: its elements with their attributes, its texts, its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self._open = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        """Leave it; what stands in a line of its own is no part of the next word."""
        self._open = ""
        if tag in _BLOCKS:
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        """Take a text."""
        kept = self.scripts if self._open == "script" else self.texts
        if self._open != "style":
            kept.append(data)

    @property
    def text(self) -> str:
        """All that can be read, spaces joined."""
        return " ".join("".join(self.texts).split())

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads."""
        found: dict[str, Any] = json.loads(self.scripts[0])
        return found


def told(page: Page) -> list[str]:
    """Return the steps in the page's data as sentences."""
    data = page.data
    width = len(data["fields"])
    found = []
    for session in data["sessions"]:
        numbers = session["steps"]
        for at in range(0, len(numbers), width):
            step = dict(zip(data["fields"], numbers[at : at + width], strict=True))
            verb, subject, rest = (data["texts"][step[n]] for n in ("verb", "subject", "rest"))
            found.append(" ".join(filter(None, [verb, subject])) + rest)
    return found
