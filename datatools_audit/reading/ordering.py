"""Records in the order in which things happened, and what has to be known beforehand."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    Record = Mapping[str, object]
    _Keyed = tuple[str, str, int, int, Record]


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


def ordered(records: Iterable[Record]) -> list[Record]:
    """Return the records by time, process and number, each once.

    Within a process the number decides: a clock that is set back makes no end come before its
    start. What has no time, as a line that is no record, stays behind what it was given behind.
    """
    keyed: list[_Keyed] = []
    ts, proc, seq = "", "", 0
    for position, record in enumerate(records):
        if own := text(record, "ts"):
            number = record.get("seq")
            ts, proc, seq = own, text(record, "proc"), number if type(number) is int else 0
        keyed.append((ts, proc, seq, position, record))
    keyed = _never_back(keyed)
    keyed.sort(key=lambda each: each[:4])
    found: list[Record] = []
    told: tuple[str, str, int] | None = None
    for ts, proc, seq, _, record in keyed:
        is_numbered = bool(proc and seq and text(record, "ts"))
        if not is_numbered or (ts, proc, seq) != told:
            found.append(record)
        if is_numbered:
            told = ts, proc, seq
    return found


def _never_back(keyed: list[_Keyed]) -> list[_Keyed]:
    """Return the records with the latest time that any of its process had before."""
    latest: dict[str, str] = {}
    found = []
    for ts, proc, seq, position, record in sorted(keyed, key=lambda each: each[1:4]):
        latest[proc] = then = max(ts, latest.get(proc, "")) if proc else ts
        found.append((then, proc, seq, position, record))
    return found


def look_ahead(
    records: list[Record], alive: Collection[str] = (), dead: Collection[str] = ()
) -> Beyond:
    """Look ahead: which actions have an end, which processes have died."""
    ended: set[str] = set()
    died: set[str] = set(dead)
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    apps: dict[str, str] = {}
    for place, record in enumerate(records):
        proc = text(record, "proc")
        first.setdefault(proc, place)
        last[proc] = place
        if record.get("phase") == "end":
            ended.add(text(record, "action_id"))
        if "died_proc" in record:
            died.add(text(record, "died_proc"))
        if record.get("category") == "session" and "app" in record:
            apps[proc] = text(record, "app")
    restarts: set[str] = set()
    newest: dict[str, str] = {}
    for proc, place in first.items():  # in the order of their beginning
        app = apps.get(proc)
        if not proc or app is None:
            continue
        earlier = newest.get(app)
        if earlier is not None and last[earlier] < place:
            restarts.add(proc)
            died.add(earlier)
        newest[app] = proc
    return Beyond(*map(frozenset, (ended, restarts, died, alive)))


def text(record: Record, name: str) -> str:
    """Return a field that is a text; an empty one where it is none."""
    found = record.get(name)
    return found if type(found) is str else ""


def moment_of(ts: object) -> float | None:
    """Return a ``ts`` in seconds since the epoch; None of what is none."""
    try:
        found = datetime.datetime.fromisoformat(ts)  # type: ignore[arg-type]
        return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
