"""The catalogue as a page of Markdown: docs/events.md."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from datatools_audit.reading.catalogue import CATALOGUE, COMMON, OFF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datatools_audit.reading.catalogue import Kind

_HEAD = """# What stands in a log

Made by `python dev.py events` from the catalogue, `datatools_audit/reading/catalogue.py`; the
Diagnostics page shows the same with a count of each kind.

Each record is one line of JSON. Besides its own fields each kind has those of all records. What
the app gives itself, as `log_event("upload", "Read it", rows=3)`, stands in its record under
the names that it gives. Where records are exported (`export=`), one that happened in an action
names it as `action_id`.

## How to stop it

- """


def as_markdown() -> str:
    """Return every kind of record, why it is there, how to stop it, and its fields."""
    parts = [
        _HEAD + OFF.replace(". `", ".\n- `"),
        "## The fields of all records\n\n" + _table(COMMON),
        *map(_kind, CATALOGUE),
    ]
    return "\n\n".join(parts) + "\n"


def _kind(kind: Kind) -> str:
    category = f"`{kind.category}`" if kind.category else "the app's own word"
    begins = f", message: {' or '.join(f'`{each.strip()} …`' for each in kind.begins)}"
    head = f"## {kind.title}\n\nCategory: {category}{begins if kind.begins else ''}; level: "
    said = f"{head}{kind.level}.\n\n{kind.why}\n\n**How to stop it.** {kind.off}"
    if kind.takes_extras:
        said += "\n\nWhat the app gives stands in it too."
    return f"{said}\n\n{_table(kind.fields)}" if kind.fields else said


def _table(fields: Mapping[str, str]) -> str:
    rows = [f"| `{name}` | {meaning} |" for name, meaning in fields.items()]
    return "\n".join(["| field | meaning |", "| --- | --- |", *rows])


if __name__ == "__main__":
    sys.stdout.buffer.write(as_markdown().encode())
