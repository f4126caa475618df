"""A report as one page of HTML: nothing in it is loaded, and nothing that was recorded acts."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from datatools_audit._version import __version__
from datatools_audit.reading.wording import duration
from datatools_audit.support.report.incidents import MOST_INCIDENTS
from datatools_audit.support.report.packing import packed
from datatools_audit.support.report.surroundings import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jinja2 import Template

    from datatools_audit.support.report.gaps import Problem
    from datatools_audit.support.report.model import Report

GENERATOR = "datatools-audit report"
"""Stands in the head of each report, within the first kilobyte."""
_STYLE = ("report.css",)
_SCRIPT = ("told.js", "drawing.js", "page.js")


def rendered(report: Report) -> str:
    """Return the page.

    Its policy (CSP) allows the one style and the one script that are in it, by their hashes,
    and no load of anything. The same report makes the same page. Never raises because of what
    was recorded. Threads: any.
    """
    style, script = _read(*_STYLE), f'"use strict";\n(() => {{\n{_read(*_SCRIPT)}}})();\n'
    return _template().render(
        report=report,
        data=packed(report),
        style=style,
        script=script,
        policy=_policy(style, script),
        generator=GENERATOR,
        version=__version__,
        fields=list(FIELDS.values()),
        most_incidents=MOST_INCIDENTS,
    )


def is_report(beginning: bytes) -> bool:
    """Tell whether a file with this beginning is a report, so that another may take its place."""
    return f'<meta name="generator" content="{GENERATOR}">'.encode() in beginning[:1024]


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(*names: str) -> str:
    folder = files(__package__)
    return "".join(folder.joinpath(name).read_text("utf-8") for name in names)


@functools.cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": lambda number: f"{number:,}",
        "duration": duration,
        "numbered": _numbered,
        "problems": _problems,
    }
    return environment.from_string(_read("report.html.jinja"))


def _numbered(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    return [(name, f"{number:,}") for name, number in pairs]


def _problems(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    return [(each.kind, each.where, each.line) for each in problems]
