"""What has to be known beforehand of all records, to tell what happened one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.reading.lives import Lives
from datatools_audit.reading.ordering import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Beyond:
    """What has to be known beforehand of all records.

    Attributes:
        ended: The ids of the actions that have an end.
        restarts: The processes that come after another one of the same app.
        dead: The processes that run no more.
        alive: The processes that still run.
    """

    ended: frozenset[str] = frozenset()
    restarts: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()
    alive: frozenset[str] = frozenset()


def look_ahead(
    records: Iterable[Record], alive: Collection[str] = (), dead: Collection[str] = ()
) -> Beyond:
    """Look ahead: which actions have an end, which processes have died."""
    ended: set[str] = set()
    lives = Lives()
    for record in records:
        lives.note(record)
        if record.get("phase") == "end":
            ended.add(text(record, "action_id"))
    return Beyond(frozenset(ended), lives.restarts(), lives.dead().union(dead), frozenset(alive))
