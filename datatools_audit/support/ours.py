"""Which values of a record are of our own making: those of our fields that have our form.

An app may give a field of any name itself, so a name alone says nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALWAYS = frozenset({"ts", "level", "category", "session", "message", "proc", "seq", "truncated"})
_ID = r"[0-9a-f]{8}"
_NAME = r"[^\W\d][\w.]{0,255}"
_SLUG = r"[\w./~-]{0,256}"
_WORDS = r"[^@\r\n]{0,256}"
_MOMENT = r"[\d:.TZ+-]{0,40}"
_FORMS = {
    "page": _SLUG,
    "phase": "start|end|received|used|removed",
    "outcome": "ok|error|interrupted",
    "action_id": _ID,
    "parent_id": _ID,
    "support_code": r"E-[0-9A-HJKMNP-TV-Z]{6}",
    "exc_type": _NAME,
}
_FORMS_IN = {
    "session": dict.fromkeys(
        "app version product_version streamlit python platform timezone browser locale "
        "browser_timezone theme".split(),
        _WORDS,
    )
    | {"user": r"<user-1>|[0-9a-f]{12}"},
    "nav": {"left": _SLUG},
    "widget": {"kind": _NAME},
    "upload": {"upload_id": _ID, "type": r"[\w.+-]{1,100}/[\w.+-]{1,100}|"},
    "download": {
        "kind": _NAME,
        "type": r"[\w.+-]{1,100}/[\w.+-]{1,100}|",
        "scope": "session|all",
        "since": _MOMENT,
        "until": _MOMENT,
    },
    "run": {"run_id": _ID},
    "hang": {"run_id": _ID},
    "error": {"died_proc": _ID},
    "log": {"logger": r"[\w.-]{0,256}", "where": r"[\w.<>-]{0,256}:\d{1,9}"},
    "audit": dict.fromkeys(("error", "problem", "check", "line"), r"[^\r\n]{0,1024}")
    | {"died_proc": _ID, "died_at": _MOMENT}
    | dict.fromkeys(
        "dropped first_seq last_seq dropped_since_start outage_seconds recovered missing".split(),
        r"[\d.]{0,20}",
    ),
}
_COMPILED = {
    category: {name: re.compile(form) for name, form in forms.items()}
    for category, forms in {**_FORMS_IN, "": _FORMS}.items()
}
_SAID = {
    "session": re.compile(
        r"Session (started|resumed|disconnected|ended)|Signed in as [0-9a-f]{12}", re.ASCII
    ),
    "audit": re.compile(
        r"\d{1,19} records were dropped|The log could not be written for [\d.]{1,20} s"
        r"|recovered \d{1,19} (event|record)s? of a process that died at [^\r\n]{1,200}"
        r"|Checked the log|(A part of a record|No record) at byte \d{1,19} of [^\r\n]{1,256}",
        re.ASCII,
    ),
}

ALONE = frozenset(_SAID)
"""The categories whose records have a message of ours and no other."""

NAMES = _ALWAYS | frozenset(_FORMS)
"""The names of fields of ours in records of any category."""

NAMES_IN = {category: frozenset(forms) for category, forms in _FORMS_IN.items()}
"""The same by category: of those that only its records have."""


def is_ours(record: Mapping[str, object], name: str) -> bool:
    """Tell whether a field's value is of our making: it has the form that ours has there."""
    if name in _ALWAYS:
        return True
    category = str(record["category"])
    form = _COMPILED[""].get(name) or _COMPILED.get(category, {}).get(name)
    if form is None or not (name in _FORMS or is_said(record)):
        return False
    value = record[name]
    if isinstance(value, str):
        return form.fullmatch(value) is not None
    return value is None or isinstance(value, int | float)


def is_said(record: Mapping[str, object]) -> bool:
    """Tell whether a record of ours may have that message, as far as its category says."""
    said = _SAID.get(str(record["category"]))
    return said is None or said.fullmatch(str(record["message"])) is not None


def has_form(record: Mapping[str, object], name: str) -> bool:
    """Tell whether the record has that field, and its value is of our making."""
    return name in record and is_ours(record, name)
