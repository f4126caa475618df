"""A record in OpenTelemetry's terms: https://opentelemetry.io/docs/specs/otel/logs/data-model/."""

from __future__ import annotations

import datetime
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

    Value = str | bool | int | float | list[str]

SEVERITY = {"debug": 5, "info": 9, "warning": 13, "error": 17, "critical": 21}
"""The number of each level's severity: DEBUG, INFO, WARN, ERROR, FATAL."""
NAMES = {
    "session": "session.id",
    "exc_type": "exception.type",
    "exc_message": "exception.message",
    "traceback": "exception.stacktrace",
    "page": "app.screen.name",
    "filename": "file.name",
    "bytes": "file.size",
}
"""The fields that the semantic conventions have a name for; ours are under ``PREFIX``."""
NAMES_OF_WIDGETS = NAMES | {"key": "app.widget.id", "label": "app.widget.name"}
"""Likewise in a record that tells of a widget; elsewhere a key may be a key of anything."""
_OF_WIDGETS = frozenset({"widget", "download"})
PREFIX = "datatools_audit."
_MORE = "more"
"""What the SDK has no room for, as JSON."""
_MOST_ATTRIBUTES = 100  # of 128, beyond which the SDK drops some; a span gets more at its end
_HEAD = frozenset({"ts", "level", "category", "message"})
_PSEUDONYM = re.compile(r"[0-9a-f]{12}").fullmatch
_WHOLE = range(-(1 << 63), 1 << 63)
_LATEST = 1 << 64


@dataclass(frozen=True, slots=True)
class Mapped:
    """A record as OpenTelemetry has it.

    Attributes:
        timestamp: Nanoseconds since the epoch; 0 where it is unknown.
        severity_number: See ``SEVERITY``; 0 for a level that is none.
        severity_text: The level as it was recorded.
        body: The message.
        event_name: Our prefix and the category.
        attributes: Everything else.
        record: The record itself.
    """

    timestamp: int
    severity_number: int
    severity_text: str
    body: str
    event_name: str
    attributes: dict[str, Value]
    record: Mapping[str, object]

    @property
    def phase(self) -> object:
        """``start`` or ``end`` in an action's own two records; no others have a parent."""
        return self.record.get("phase") if "parent_id" in self.record else None


def mapped(line: bytes) -> Mapped:
    """Return what a line of the log is in those terms."""
    record: dict[str, object] = orjson.loads(line)
    level, category = str(record.get("level", "")), str(record.get("category", ""))
    return Mapped(
        timestamp=_nanoseconds(record.get("ts")),
        severity_number=SEVERITY.get(level, 0),
        severity_text=level.upper(),
        body=str(record.get("message", "")),
        event_name=PREFIX + category,
        attributes=_attributes(
            {k: v for k, v in record.items() if k not in _HEAD and v is not None},
            NAMES_OF_WIDGETS if category in _OF_WIDGETS else NAMES,
        ),
        record=record,
    )


def _attributes(fields: Mapping[str, object], names: Mapping[str, str]) -> dict[str, Value]:
    some = dict(itertools.islice(fields.items(), _MOST_ATTRIBUTES))
    more = dict(itertools.islice(fields.items(), _MOST_ATTRIBUTES, None))
    if more and _MORE in some:  # its own name is taken
        more[_MORE] = some.pop(_MORE)
    found = {_name(name, value, names): attribute(value) for name, value in some.items()}
    return {**found, PREFIX + _MORE: attribute(more)} if more else found


def _name(name: str, value: object, names: Mapping[str, str]) -> str:
    """Return what the conventions call it, where its value is of the kind that they have there."""
    if name == "user" and isinstance(value, str) and _PSEUDONYM(value):
        return "user.hash"
    is_theirs = type(value) is (int if name == "bytes" else str)
    return names.get(name, PREFIX + name) if is_theirs else PREFIX + name


def attribute(value: object) -> Value:
    """Return a value as an attribute takes it: what is nested becomes JSON."""
    if isinstance(value, str | bool | float):
        return value
    if isinstance(value, int):
        return value if value in _WHOLE else str(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    return orjson.dumps(value).decode()


def _nanoseconds(ts: object) -> int:
    """Return a moment in nanoseconds, exactly: a float has not digits enough."""
    try:
        moment = datetime.datetime.fromisoformat(str(ts))
    except ValueError:
        return 0
    if moment.tzinfo is None:
        return 0
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    nanoseconds = (since // datetime.timedelta(microseconds=1)) * 1000
    return nanoseconds if 0 < nanoseconds < _LATEST else 0  # else the protocol has no room
