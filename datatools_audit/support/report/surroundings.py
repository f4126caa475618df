"""What the app ran on: as the sessions' banners say, and as a bundle's environment tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import orjson

from datatools_audit.reading.wording import clean
from datatools_audit.record import strict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from datatools_audit.support.report.shown import Record, Redact, Session

FIELDS = {
    "app": "App",
    "version": "Version",
    "streamlit": "Streamlit",
    "python": "Python",
    "platform": "Platform",
    "timezone": "Time zone",
    "product_version": "DataTools Audit",
}
"""Of a banner, what is shown, and under which head."""
MOST_ROWS = 500
_MOST_SERVERS = 50
_MOST_NAMED = 3
_RAN_ON = ("streamlit", "python", "platform")
_MOST_VALUE = 500
_DEEPEST = 6


def servers(banners: Iterable[bytes], redact: Redact | None = None) -> list[tuple[str, ...]]:
    """Return what the processes ran on: for each combination how many processes, and ``FIELDS``."""
    found = Counter[tuple[str, ...]]()
    for raw in banners:
        record: Record = orjson.loads(raw)
        record = redact(record) if redact else record
        found[tuple(clean(record.get(name), 80) for name in FIELDS)] += 1
    most = found.most_common(_MOST_SERVERS)
    return [(f"{count:,}", *told) for told, count in most]


def browsers(sessions: Sequence[Session]) -> list[tuple[str, int]]:
    """Return the browsers, and how many sessions each has."""
    found = Counter(session.browser for session in sessions if session.browser)
    return found.most_common(_MOST_SERVERS)


def ran_on(servers: Sequence[tuple[str, ...]], browsers: Sequence[tuple[str, int]]) -> str:
    """Return what the app ran on in one sentence; empty where nothing is told.

    Args:
        servers: See ``servers``; of several kinds three values of each are named.
        browsers: See ``browsers``; three of their families are named.
    """
    told = []
    for name in _RAN_ON:
        place = 1 + list(FIELDS).index(name)
        values = list(dict.fromkeys(filter(None, (row[place] for row in servers))))
        head = "" if name == "platform" else f"{FIELDS[name]} "
        if values:
            told.append(head + _several(values))
    families = list(dict.fromkeys(browser.partition(",")[0] for browser, _ in browsers))
    if families:
        told.append(f"in {_several(families)}")
    return f"Ran on {', '.join(told)}." if told else ""


def _several(values: Sequence[str]) -> str:
    more = f" and {len(values) - _MOST_NAMED:,} more" if len(values) > _MOST_NAMED else ""
    return " / ".join(values[:_MOST_NAMED]) + more


def rows(environment: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return a nested environment as rows: ``settings.fsync`` and its value."""
    found: list[tuple[str, str]] = []
    for row in _rows(environment, "", 0):
        if len(found) == MOST_ROWS:
            found.append(("…", "there is more in environment.json"))
            break
        found.append(row)
    return found


def _rows(value: Mapping[str, object], begins: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, each in value.items():
        path = clean(f"{begins}{name}")
        if isinstance(each, Mapping) and each and depth < _DEEPEST:
            yield from _rows(each, f"{path}.", depth + 1)
        else:
            yield path, _said(each)


def _said(value: object) -> str:
    told = value if isinstance(value, str) else strict.dumps(value).decode()
    return clean(told, _MOST_VALUE)
