"""Which free text of a record belongs to which group, and the record without a group's text.

Each value of a record is either of our own making (times, ids, numbers, kinds, outcomes) or in
exactly one group:

``exceptions``: what an error says, its traceback, the stack of what hangs, the message of an
    error's record.
``logging``: message and extras of what came through the standard library's ``logging``.
``labels``: labels, keys, titles, columns' names, and the values of widgets.
``filenames``: names of files and folders.
``own``: what is left: the words of the app's own events, and what a person reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from datatools_audit.redaction.fields import is_shape
from datatools_audit.support.ours import ALONE, NAMES, NAMES_IN, has_form, is_ours, is_said
from datatools_audit.support.redacting import mapped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

GROUPS = ("exceptions", "logging", "labels", "filenames", "own")
LEFT_OUT = "<left out>"

_NAMES = {
    "exceptions": ("exc_message", "traceback", "stack"),
    "labels": ("label", "key", "title", "column", "names", "old", "new", "text"),
    "filenames": ("filename", "file", "path", "cwd", "log_file"),
}
_BY_NAME = {name: group for group, names in _NAMES.items() for name in names}
_OUR_CATEGORIES = frozenset({*NAMES_IN, "report"})
_WHOLE = {"log": "logging", "report": "own"}
_VALUES = frozenset({"old", "new", "text"})

_SAID = {
    "nav": frozenset({"Opened"}),
    "widget": frozenset({"Changed", "Clicked", "Used", "Dismissed"}),
    "upload": frozenset({"Uploaded", "Used", "Removed"}),
    "download": frozenset({"Downloaded"}),
}
_QUOTED = {
    "nav": ("page",),
    "widget": ("label", "key", "kind"),
    "upload": ("filename",),
    "download": ("filename", "label"),
}
_FIXED = {
    "run": re.compile(r"Run started|Run ended: (ok|error|interrupted)"),
    "hang": re.compile(r".{1,256} has been open for [\d.e+]{1,12} s", re.ASCII | re.DOTALL),
    "upload": re.compile(r"\w{4,8} a file", re.ASCII),
    "download": re.compile(
        r"Downloaded a file|Handed over (the log|rows of the log|a support bundle)"
    ),
    "report": re.compile(r"Reported a problem"),
}
_MESSAGES = {
    "error": "exceptions",
    "log": "logging",
    "widget": "labels",
    "upload": "filenames",
    "download": "filenames",
}
_WORD = 3  # characters; a shorter text is only looked for as a word


def group_of(record: Mapping[str, object], name: str) -> str | None:
    """Return the group of a field but the message, or None for one of our own making."""
    if is_ours(record, name):
        return None
    found = _BY_NAME.get(name)
    whole = _WHOLE.get(str(record["category"]), found or "own")
    return found if found == "exceptions" else whole


def group_of_message(record: Mapping[str, object]) -> tuple[str | None, str]:
    """Return the group of a record's message, and the part of it that belongs to the group.

    A sentence of ours that quotes a field is in that field's group by the quote alone; any
    other is in its category's as a whole. None is a sentence without free text.
    """
    category, message = str(record["category"]), str(record["message"])
    verb, _, rest = message.partition(" ")
    if verb in _SAID.get(category, ()):
        for name in _QUOTED[category]:
            if record.get(name) == rest:
                return group_of(record, name), rest
    fixed = _FIXED.get(category)
    is_fixed = fixed.fullmatch(message) if fixed else category in ALONE and is_said(record)
    if is_fixed or _is_of_action(record, category, message):
        return None, ""
    return _MESSAGES.get(category, "own"), message


def _is_of_action(record: Mapping[str, object], category: str, message: str) -> bool:
    if not has_form(record, "action_id") or not message.startswith(category):
        return False
    said = ["started", "finished", "interrupted"]
    if has_form(record, "exc_type"):
        said.append(f"failed: {record['exc_type']}")
    return message[len(category) + 1 :] in said


def without(
    record: Mapping[str, object], groups: Collection[str]
) -> tuple[dict[str, object], dict[str, list[str]]]:
    """Return the record without the text of these groups, and what was left out of it.

    The record itself stays, with the names of its fields, so that steps and ``seq`` stay
    whole. What was left out is also taken from the texts of the record that quote it.

    Args:
        record: One that ``reader.parse_line`` takes for a record.
        groups: Some of ``GROUPS``.

    Returns:
        The record, and by group the texts that are no longer in it.
    """
    category = str(record["category"])
    chosen, gone = dict(record), dict[str, list[str]]()
    for name, value in record.items():
        group = group_of(record, name)
        if group in groups and (texts := texts_of(category, name, value)):
            chosen[name] = LEFT_OUT
            gone.setdefault(str(group), []).extend(texts)
    group, part = group_of_message(record)
    if group in groups and part:
        message = str(record["message"])
        chosen["message"] = message[: len(message) - len(part)] + LEFT_OUT
        if part == message:
            gone.setdefault(str(group), []).append(part)
    return unquoted(chosen, {text for texts in gone.values() for text in texts}), gone


def unquoted(record: dict[str, object], quoted: Collection[str]) -> dict[str, object]:
    """Return the record without these texts, wherever a free text of it quotes one.

    A very short one is only found where it stands as a word.
    """
    if not quoted:
        return record

    def change(text: str) -> str:
        return _without_quotes(text, quoted)

    return {
        name: mapped(value, change, change)
        if name == "message" or group_of(record, name) is not None
        else value
        for name, value in record.items()
    }


def unnamed(record: dict[str, object], names: Collection[str]) -> dict[str, object]:
    """Return the record without these names of files, in a kind or a field of the app's too."""
    category = str(record["category"])

    def change(text: str) -> str:
        return _without_quotes(text, names)

    def change_name(name: str) -> str:
        is_ours = name in NAMES or name in _BY_NAME or name in NAMES_IN.get(category, ())
        return name if is_ours else change(name)

    found: dict[str, object] = {}
    for name, value in unquoted(record, names).items():
        new = change_name(name)
        while new in found:
            new = "extra_" + new
        found[new] = value
    if category not in _OUR_CATEGORIES:
        found["category"] = change(category)
    return found


def texts_of(category: str, name: str, value: object) -> list[str]:
    """Return the texts of a field; of what somebody chose, typed or logged a number is one too."""
    if value is None or isinstance(value, bool) or (name in _VALUES and is_shape(value)):
        return []
    found = list(_texts_in(value))
    if not found and value != "" and (name in _VALUES or category in _WHOLE):
        return [str(value)]
    return found


def _without_quotes(text: str, quoted: Collection[str]) -> str:
    found = sorted((each for each in quoted if each in text), key=len, reverse=True)
    if not found:
        return text
    forms = (rf"(?<!\w){re.escape(e)}(?!\w)" if len(e) < _WORD else re.escape(e) for e in found)
    # What stands for a text comes first: it may look like one that is left out.
    return re.sub("|".join([LEFT_OUT, *forms]), LEFT_OUT, text)


def _texts_in(value: object) -> Iterator[str]:
    """Yield the texts of a value, names of a nested object's fields included."""
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts_in(each)
