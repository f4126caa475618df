"""The phrase of each kind of record, as the person at the app would say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading import deeds, doings
from datatools_audit.reading.wording import Phrase, after, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datatools_audit.reading.catalogue import Kind

    Record = Mapping[str, object]

WENT_AWAY = Phrase("the browser window was closed or reloaded, or stayed offline")
"""The connection was lost and did not come back before the session ended."""


def phrase(record: Record, kind: Kind) -> Phrase:
    """Return what happened, of a record of that kind. Never raises."""
    return _PHRASES.get(kind.name, doings.own)(record)


_PHRASES: Mapping[str, Callable[[Record], Phrase]] = {
    "session-started": deeds.session_started,
    "signed-in": deeds.signed_in,
    "session-disconnected": lambda _: Phrase("the connection was lost"),
    "session-resumed": lambda record: Phrase(
        "the connection came back", "", after(record.get("away_ms"))
    ),
    "session-ended": lambda _: Phrase("the session ended"),
    "page-opened": deeds.opened,
    "widget": deeds.widget,
    "upload": deeds.uploaded,
    "download": deeds.downloaded,
    "log-handed-over": deeds.handed_over_log,
    "bundle-handed-over": deeds.handed_over_bundle,
    "rows-handed-over": deeds.handed_over_rows,
    "report": deeds.reported,
    "hang": doings.hung,
    "error": doings.failed,
    "crash": doings.crashed,
    "log": doings.logged,
    "dropped": doings.dropped,
    "outage": doings.outage,
    "export": lambda record: Phrase(clean(record.get("message"), 200)),
    "recovered": doings.recovered,
    "checked": lambda _: Phrase("the log was checked"),
    "unreadable": doings.unreadable,
}
