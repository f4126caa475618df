"""What Streamlit's messages and exceptions say of an app: copied into each test."""

from __future__ import annotations

import re
import sysconfig
from typing import Any


def shown_by(message: Any) -> tuple[str, Any]:
    """Return what a message draws, and its kind."""
    where = message.delta.WhichOneof("type")
    if where not in ("new_element", "add_block"):
        return "", None
    part = getattr(message.delta, where)
    kind = part.WhichOneof("type")
    return (kind, getattr(part, kind)) if kind else ("", None)


def id_in(message: Any) -> str:
    """Return the id of what a message draws; empty of what has none."""
    return getattr(shown_by(message)[1], "id", "")


def fill(state: Any, value: dict[str, Any]) -> None:
    """Write a value into what is sent of a widget, by the field that takes it."""
    for field, given in value.items():
        if isinstance(given, list):
            getattr(state, field).data[:] = given
        else:
            setattr(state, field, given)


def label_of(widget: Any) -> str:
    """Return what a person sees of a widget."""
    return getattr(widget, "label", "") or getattr(widget, "placeholder", "")


def innermost(trace: Any) -> str:
    """Return the function of the app in which an exception was raised."""
    libraries = ["site-packages", "dist-packages", "/datatools_audit/", "/streamlit_ext/"]
    libraries.append(sysconfig.get_path("stdlib"))
    for line in reversed(list(trace)):
        found = re.match(r'\s*File "(.+?)", line \d+, in (.+)', str(line))
        if not found or (found[2].startswith("<") and found[2] != "<module>"):
            continue  # a comprehension belongs to the function that it stands in
        if found[1].endswith(".py") and not any(each in found[1] for each in libraries):
            return found[2].strip()
    return ""
