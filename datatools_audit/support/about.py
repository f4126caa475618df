"""What a bundle is about, for its README.txt: the app, when, what failed and what was reported.

All of it comes from the bundle's own events, redacted. What was recorded stands within one
line each, cut, without controls.
"""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit.reading.catalogue import kind_of
from datatools_audit.reading.ordering import text
from datatools_audit.reading.reader import records_in
from datatools_audit.reading.wording import clean, count
from datatools_audit.redaction.credentials import SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatools_audit.reading.reader import Record
    from datatools_audit.support.preview import Preview

MOST_LISTED = 20
_MOST_NAME = 80
_MOST_CODE = 20
_MOST_TEXT = 200
_ERRORS = frozenset({"error", "crash"})
_EVENTS = Path("events.jsonl")
_TAKEN_OUT = re.compile(
    "<(?:{})>".format("|".join(sorted({rule.name for rule in SECRETS}))).encode()
)


class _Heard:
    """The newest records of one kind, and how many there were."""

    def __init__(self) -> None:
        self.newest: deque[Record] = deque(maxlen=MOST_LISTED)
        self.count = 0

    def add(self, record: Record) -> None:
        self.newest.append(record)
        self.count += 1


def about(preview: Preview, app: tuple[object, object], note: str) -> str:
    """Return what the bundle is about, in lines.

    Args:
        preview: What is in ``events.jsonl``.
        app: Name and version of the app, redacted.
        note: The sender's, redacted.
    """
    errors, reports, zone = _Heard(), _Heard(), ""
    for record in records_in(preview.events_jsonl, _EVENTS):
        name = kind_of(record).name
        if name in _ERRORS:
            errors.add(record)
        elif name == "report":
            reports.add(record)
        elif name == "session-started":
            zone = clean(record.get("timezone"), _MOST_NAME) or zone
    named = " ".join(filter(None, (clean(each, _MOST_NAME) for each in app)))
    lines = [f"App: {named or 'unknown'}"]
    if preview.events:
        lines.append(f"When: {_moment(preview.since)} to {_moment(preview.until)}, UTC")
        lines.append(f"The server's time zone: {zone or 'unknown'}")
    if note:
        said = clean(note, _MOST_TEXT)
        lines.append(f"The sender's note: “{said}” (the whole of it is in manifest.json)")
    lines += ["", *_listed(errors, "error", preview), "", *_listed(reports, "report", preview)]
    return "\n".join(lines)


def taken_out_when_recorded(preview: Preview) -> int:
    """Return how many placeholders there are of secrets that were taken out at recording.

    ``<password>`` is one: at hand-over each has a number. Those of an app's own rules are not
    known here.
    """
    return sum(1 for _ in _TAKEN_OUT.finditer(preview.events_jsonl))


def _listed(heard: _Heard, one: str, preview: Preview) -> Iterator[str]:
    if not heard.count:
        yield f"No {one} is in it."
        return
    newest = f", the newest {MOST_LISTED}" if heard.count > MOST_LISTED else ""
    yield f"{count(heard.count, one)}{newest}:"
    for record in heard.newest:
        moment = _moment(text(record, "ts"))
        told = _error(record) if one == "error" else _report(record, preview)
        yield "  ".join(filter(None, (f"  {moment} UTC", *told)))


def _error(record: Record) -> tuple[str, str]:
    name = clean(record.get("exc_type"), _MOST_NAME) or "of no type"
    return name, clean(record.get("support_code"), _MOST_CODE)


def _report(record: Record, preview: Preview) -> Iterator[str]:
    yield clean(record.get("support_code"), _MOST_CODE)
    if not preview.choice.own:
        return
    if said := clean(record.get("text"), _MOST_TEXT):
        yield f"“{said}”"
    if about := clean(record.get("error_code"), _MOST_CODE):
        yield f"about the error {about}"


def _moment(ts: str) -> str:
    return clean(ts[:19]).replace("T", " ")
