"""Records in the order in which things happened."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Record = Mapping[str, object]
    _Keyed = tuple[str, str, int, int, Record]


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


def names_app(record: Record) -> bool:
    """Tell whether a record is the banner of an app: its name, version and time zone."""
    return record.get("category") == "session" and "app" in record


def app_of(banner: Record) -> str:
    """Return name and version of the app in one text, as far as they are told."""
    return " ".join(filter(None, [text(banner, "app"), text(banner, "version")]))


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
