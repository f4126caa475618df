"""The catalogue of what stands in a log: every kind of record, its fields, why, how to stop it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datatools_audit.reading import fields as of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    Attributes:
        category: Its category; empty for a kind that has the category an app gives it.
        name: Its name in the catalogue, one word: ``session-started``.
        title: What it is, in plain words.
        why: Why it is there.
        off: How to stop it, in Markdown.
        fields: Its own fields and what they mean, besides ``COMMON``.
        level: The level that it has.
        takes_extras: Whether what the app gives stands in it too, under names of the app's.
        begins: How its message begins; any of these.
        marks: Fields that tell it from others of its category; all of these.
    """

    category: str
    name: str
    title: str
    why: str
    off: str
    fields: Mapping[str, str] = field(default_factory=dict)
    level: str = "info"
    takes_extras: bool = False
    begins: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


COMMON: Mapping[str, str] = of.COMMON
"""The fields that a record of any kind has."""

OFF = (
    "`DATATOOLS_AUDIT_ENABLED=0` or `configure(AuditConfig(enabled=False))` stops everything. "
    "`instrument(record=…)` leaves single visitors out altogether. "
    "`DATATOOLS_AUDIT_PROBE=no-events` stops all but the start of sessions, the opening of pages "
    "and what the log says of itself. `instrument().uninstrument()` stops whatever is heard of "
    "Streamlit; what the app calls itself goes on."
)
"""What stops records of every kind, in Markdown."""

_ALONE = "It cannot be stopped alone, only with everything."
_UNHEARD = "Name it in `instrument(exclude=…)`, or return None from `redact=`"
_NO_PAGE = "Leave out `diagnostics_page()`."
_NO_RECORDER = (
    "Set `AuditConfig(flight_recorder=False)`, or `DATATOOLS_AUDIT_FLIGHT_RECORDER=0` where the "
    "app configures nothing"
)
_LOUD = "warning"

CATALOGUE: tuple[Kind, ...] = (
    Kind(
        "session",
        "session-started",
        "A browser session began",
        "Whoever helps has to know which app, which versions and which browser it was.",
        "Set `DATATOOLS_AUDIT_PROBE=no-session-start`.",
        of.BANNER,
        begins=("Session started",),
    ),
    Kind(
        "session",
        "signed-in",
        "Somebody signed in",
        "The sessions of one person belong together, without saying who it is.",
        _ALONE,
        {"user": "a pseudonym: 12 hex digits, made with a key that stays in the log's folder"},
        begins=("Signed in",),
    ),
    Kind(
        "session",
        "session-disconnected",
        "The browser lost its connection",
        "A page that stands still is often a connection that is gone.",
        _ALONE,
        begins=("Session disconnected",),
    ),
    Kind(
        "session",
        "session-resumed",
        "The browser came back",
        "It tells how long the connection was gone.",
        _ALONE,
        {"away_ms": "how long it was away, milliseconds"},
        begins=("Session resumed",),
    ),
    Kind(
        "session",
        "session-ended",
        "A browser session ended",
        "What comes later was somebody else, or the same person after a reload.",
        _ALONE,
        begins=("Session ended",),
    ),
    Kind(
        "nav",
        "page-opened",
        "A page was opened",
        "It tells where somebody was when something happened.",
        "Set `DATATOOLS_AUDIT_PROBE=no-page-open`.",
        of.PAGE,
        takes_extras=True,
        begins=("Opened ",),
    ),
    Kind(
        "widget",
        "widget",
        "A widget was used",
        "A fault can be repeated only by who knows what was pressed and changed before.",
        f"{_UNHEARD}; `values=…` says how much of the value is recorded.",
        of.WIDGET,
        begins=("Clicked ", "Changed ", "Used ", "Dismissed "),
    ),
    Kind(
        "upload",
        "upload",
        "A file was uploaded, used or removed",
        "Many faults come with one file: its name, type and size help to find it.",
        f"{_UNHEARD}; it is the uploader that is named.",
        of.UPLOAD,
        begins=("Uploaded ", "Used ", "Removed "),
    ),
    Kind(
        "download",
        "download",
        "A file was taken away",
        "It tells what somebody left with.",
        f"{_UNHEARD}; it is the button that is named.",
        of.DOWNLOAD,
        begins=("Downloaded ",),
    ),
    Kind(
        "download",
        "log-handed-over",
        "The log was handed over",
        "Who hands over what others did should be on record.",
        _NO_PAGE,
        of.HAND_OVER,
        begins=("Handed over the log",),
    ),
    Kind(
        "download",
        "bundle-handed-over",
        "A support bundle was handed over",
        "Who hands over what others did should be on record.",
        _NO_PAGE,
        of.HAND_OVER | of.BUNDLE,
        begins=("Handed over a support bundle",),
    ),
    Kind(
        "download",
        "rows-handed-over",
        "Rows of the table were handed over",
        "Who hands over what others did should be on record.",
        "By an app without the Diagnostics page.",
        of.ROWS,
        begins=("Handed over rows of the log",),
    ),
    Kind(
        "report",
        "report",
        "Somebody reported a problem",
        "Not every fault is an error: it tells what a person saw, and when.",
        "Leave out `report_problem()`.",
        of.REPORT,
        begins=("Reported a problem",),
    ),
    Kind(
        "",
        "action-started",
        "An action began",
        "What has a start and no end is what hung or crashed.",
        "Leave out `audit_action`.",
        of.ACTION,
        takes_extras=True,
    ),
    Kind(
        "",
        "action-ended",
        "An action ended",
        "It tells how it ended and how long it took.",
        "Leave out `audit_action`.",
        of.ACTION | of.ACTION_END,
        "info; warning after an error",
        takes_extras=True,
    ),
    Kind(
        "run",
        "run-started",
        "A run of the script began",
        "What has a start and no end is what hung or crashed.",
        _ALONE,
        of.RUN,
        "debug",
        begins=("Run started",),
    ),
    Kind(
        "run",
        "run-ended",
        "A run of the script ended",
        "It tells how it ended and how long it took.",
        _ALONE,
        of.RUN | of.RUN_END,
        "debug; info where the run had hung",
        begins=("Run ended",),
    ),
    Kind(
        "hang",
        "hang",
        "A run or an action is open for too long",
        "What hangs raises no error; the stack tells where it stands.",
        "Set `AuditConfig(hang_seconds=0)`, or `DATATOOLS_AUDIT_HANG_SECONDS=0` where the app "
        "configures nothing.",
        of.HANG,
        _LOUD,
        marks=("open_ms",),
    ),
    Kind(
        "error",
        "crash",
        "A process crashed",
        "A native crash leaves no exception; what Python wrote of it is told at the next start.",
        f"{_NO_RECORDER}.",
        of.ERROR | {"died_proc": "the process that crashed"},
        "critical",
        marks=("exc_type", "died_proc"),
    ),
    Kind(
        "error",
        "error",
        "An exception",
        "It is what whoever helps looks for first.",
        f"{_ALONE} One that the app handles itself is there only where it calls `log_exception`.",
        of.ERROR | of.UNCAUGHT,
        "error",
        takes_extras=True,
        marks=("exc_type",),
    ),
    Kind(
        "log",
        "log",
        "What the app or a library has logged",
        "It is what the programmers thought worth saying.",
        "Leave out `AuditHandler`, or give it a higher level for less.",
        of.LOG,
        "as it was logged",
        takes_extras=True,
        marks=("logger",),
    ),
    Kind(
        "audit",
        "dropped",
        "Records were lost",
        "Nothing may be missing unseen.",
        _ALONE,
        of.DROPPED,
        _LOUD,
        marks=("dropped",),
    ),
    Kind(
        "audit",
        "outage",
        "The log could not be written for a while",
        "It tells why records came late, or why some are lost.",
        _ALONE,
        of.OUTAGE,
        _LOUD,
        marks=("outage_seconds",),
    ),
    Kind(
        "audit",
        "export",
        "What is exported does not arrive, or does so again",
        "It tells why another system lacks what stands here.",
        "Leave out `AuditConfig(export=…)`.",
        level="warning; info when it is well again",
        begins=tuple(
            f"{what} {how}"
            for what in ("records", "spans")
            for how in ("cannot be exported", "are refused where", "are exported again")
        ),
    ),
    Kind(
        "audit",
        "recovered",
        "What a dead process had left was written",
        "It tells that a process ended without notice, and whether anything is lost.",
        f"{_NO_RECORDER}; what waits is then lost with the process.",
        of.RECOVERED,
        _LOUD,
        marks=("died_at",),
    ),
    Kind(
        "audit",
        "checked",
        "Somebody tried whether the log can be written",
        "It is the event that `datatools-audit where --check` writes and reads back.",
        "It is written only when somebody asks for it.",
        of.CHECKED,
        marks=("check",),
    ),
    Kind(
        "audit",
        "unreadable",
        "A line of the log that is no record",
        "It stands in no log: it is shown in the place of a line that cannot be read.",
        "It cannot be stopped: it is never written.",
        of.UNREADABLE,
        _LOUD,
        marks=("problem",),
    ),
    Kind(
        "",
        "own",
        "An event of the app's own",
        "The app's authors wanted to know.",
        "Leave out `log_event`.",
        {"args": "what was given without a name"},
        "as the app says",
        takes_extras=True,
    ),
)
"""Every kind of record."""

BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in CATALOGUE}
"""The same by their names."""

_OWN = BY_NAME["own"]
_ACTIONS = {"start": BY_NAME["action-started"], "end": BY_NAME["action-ended"]}
_BY_CATEGORY = {
    category: tuple(kind for kind in CATALOGUE if kind.category == category)
    for category in {kind.category for kind in CATALOGUE} - {""}
}


def kind_of(record: Mapping[str, object]) -> Kind:
    """Return which kind a record is; what no other kind fits is ``own``. Never raises.

    It looks at ``category``, ``phase`` and the first words of ``message``, and at whether the
    fields in ``marks`` are there and those of an action: a record cut down to these is enough.
    """
    phase = record.get("phase")
    if phase is not None and "action_id" in record and isinstance(phase, str) and phase in _ACTIONS:
        return _ACTIONS[phase]
    category, message = record.get("category"), record.get("message")
    if isinstance(category, str):
        said = message if isinstance(message, str) else ""
        for kind in _BY_CATEGORY.get(category, ()):
            if kind.begins:
                if said.startswith(kind.begins):
                    return kind
            elif all(mark in record for mark in kind.marks):
                return kind
    return _OWN
