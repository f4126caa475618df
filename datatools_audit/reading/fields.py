"""The fields of records and what they mean, for the catalogue."""

from __future__ import annotations

Fields = dict[str, str]

COMMON: Fields = {
    "ts": "when it happened: UTC, milliseconds",
    "level": "`debug`, `info`, `warning`, `error` or `critical`",
    "category": "what kind of thing it is; of an action its name",
    "session": "the browser session: 8 hex digits, random, never Streamlit's own",
    "message": "one sentence that a person reads",
    "proc": "the process: 8 hex digits, random",
    "seq": "the number of the record in that process, so that nothing is missing unseen",
    "page": "the page that the session was on, where one is known",
    "truncated": "the names of values that were cut because they were long; only then",
}

BANNER: Fields = {
    "app": "the app's name",
    "version": "the app's version, where it says one",
    "product_version": "the version of DataTools Audit",
    "streamlit": "the version of Streamlit; null without it",
    "python": "the version of Python",
    "platform": "the operating system of the server",
    "timezone": "the time zone of the server",
    "user": "`<user-1>`; the name of the system's user only with `AuditConfig(identity=True)`",
    "cwd": "the folder the app runs in, as seen from the app's or the home folder",
    "log_file": "the file of the log, likewise",
    "browser": "the family of the browser: `Chrome`, `Firefox`, …",
    "locale": "the language of the browser",
    "browser_timezone": "the time zone of the browser",
    "theme": "`light` or `dark`",
}

PAGE: Fields = {
    "title": "the page's title, where one is known",
    "left": "the page that was left for it",
    "dwell_ms": "how long the session was on that one, milliseconds",
}

WIDGET: Fields = {
    "kind": "the command that drew it: `button`, `selectbox`, …",
    "label": "its label",
    "key": "its key; null without one",
    "old": "the value before, as far as `values=…` allows: by default its type and size",
    "new": "the value now, likewise; neither for a button",
}

_FILE: Fields = {
    "filename": "the file's name",
    "bytes": "its size, bytes",
    "type": "its MIME type",
}

UPLOAD: Fields = {
    "phase": "`received` by the server, `used` by a widget, or `removed`",
    "upload_id": "the same for all records of one file: 8 hex digits, random",
    **_FILE,
}

DOWNLOAD: Fields = {
    "kind": "the command that drew the button",
    "label": "its label",
    "key": "its key; null without one",
    **_FILE,
    "offered_to": "how many sessions it was offered to, where nobody can say which one took it",
}

HAND_OVER: Fields = {
    "scope": "`session` or `all`: whose records",
    "filename": "the name of the file that was handed over",
}

BUNDLE: Fields = {
    "since": "from when on, UTC",
    "until": "until when, UTC",
    "sessions": "how many sessions",
    "events": "how many records",
}

ROWS: Fields = {
    "filename": "the name of the file that was handed over",
    "events": "how many records",
}

REPORT: Fields = {
    "support_code": "the report's own code, to be read out",
    "text": "what the person wrote, without secrets",
    "just_now": "whether it had happened just then",
    "error_code": "the code of the error it is about: as typed, else the session's last; only then",
}

ACTION: Fields = {
    "phase": "`start` or `end`",
    "action_id": "the same for start and end: 8 hex digits, random",
    "parent_id": "the action that it is a part of; null at the outermost",
}

ACTION_END: Fields = {
    "outcome": "`ok`; `error`; `interrupted` by a rerun or a stop",
    "duration_ms": "how long it took, milliseconds",
    "exc_type": "after an error: its type",
    "exc_message": "after an error: its text",
}

RUN: Fields = {
    "phase": "`start` or `end`",
    "run_id": "the same for start and end: 8 hex digits, random",
    "fragments": "how many fragments ran alone; not for a run of the whole script",
}

RUN_END: Fields = {
    "outcome": "`ok`; `error`; `interrupted` by a rerun or the end of the server",
    "duration_ms": "how long it took, milliseconds",
}

HANG: Fields = {
    "action_id": "the action that hangs",
    "run_id": "the run that hangs",
    "open_ms": "how long it was open by then, milliseconds",
    "stack": "where its thread stands: the app's files, lines and functions",
}

ERROR: Fields = {
    "exc_type": "its type",
    "exc_message": "its text, which are the app's or a library's own words",
    "traceback": "the app's files, lines and functions; no values, no lines of source",
    "sentry_event": "the id of its event in Sentry, where Sentry had it first",
}

UNCAUGHT: Fields = {
    "support_code": "the error's code, to be read out; of one that nobody caught",
}

LOG: Fields = {
    "logger": "the name of the logger",
    "where": "the module and the line",
    "exc_type": "of a logged exception: its type",
    "exc_message": "of a logged exception: its text",
    "traceback": "of a logged exception: the app's files, lines and functions",
}

DROPPED: Fields = {
    "dropped": "how many",
    "first_seq": "the `seq` of the first that may be missing",
    "last_seq": "the `seq` of the last",
    "dropped_since_start": "how many since the process began",
}

OUTAGE: Fields = {
    "outage_seconds": "for how long, seconds",
    "error": "what the operating system said",
}

RECOVERED: Fields = {
    "recovered": "how many records were still to be had",
    "missing": "how many are lost",
    "died_proc": "the process that died",
    "died_at": "when its last record was made; null where that is unknown",
}

CHECKED: Fields = {
    "check": "8 random hex digits, by which it is found again",
}

UNREADABLE: Fields = {
    "problem": "`torn` for a part of a record; `foreign` for anything else",
    "line": "its first 200 characters",
}
