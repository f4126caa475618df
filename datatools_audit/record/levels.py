"""The levels of a record, from mild to bad."""

from __future__ import annotations

LEVELS = ("debug", "info", "warning", "error", "critical")
KNOWN = frozenset(LEVELS)
"""The same, to look one up in faster: each event does."""
ERRORS = LEVELS[3:]
"""Those of an error; written into SQL as they are."""
