"""The columns as one table, and its place in README."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.compat.environment import NEWEST

if TYPE_CHECKING:
    from tests.compat.column import Column

LAST_ROW = "tests passed / skipped / failed"
NOT_RUN = "not run"
_PLACE = re.compile(r"(?<=<!-- compat -->\n).*?(?=<!-- /compat -->)", re.DOTALL)


def table(columns: dict[str, Column]) -> str:
    """Return the table in Markdown: a row for each hook, a column for each version asked for."""
    hooks = list(dict.fromkeys(hook for each in columns.values() for hook in each.hooks))
    rows = [["hook", *(_title(asked, each) for asked, each in columns.items())]]
    rows += [["---"] * len(rows[0])]
    rows += [
        [hook, *(each.hooks.get(hook, NOT_RUN) for each in columns.values())] for hook in hooks
    ]
    rows += [[LAST_ROW, *(_counted(each) for each in columns.values())]]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _title(asked: str, column: Column) -> str:
    if asked == NEWEST and column.version:
        return f"{column.version} ({NEWEST})"
    return column.version or asked


def _counted(column: Column) -> str:
    return " / ".join(map(str, column.counts)) if column.counts else NOT_RUN


def in_readme(readme: str) -> str:
    """Return the table that stands in README."""
    (found,) = _PLACE.findall(readme)
    return str(found)


def renewed(readme: str, told: str) -> str:
    """Return README with another table in its place."""
    return _PLACE.sub(lambda _: told, readme)
