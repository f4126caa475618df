"""How much of a widget's value is recorded: by default its kind and size, never the value."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from datatools_audit.record.widgets import CHOICES
from datatools_audit.redaction.always import without_secrets
from streamlit_ext.policy import policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit_ext.elements import Element

_OFFERED = CHOICES | {"menu_button", "tabs", "expander", "popover"}
_PLAIN = (str, int, float, bool)
_DATES = frozenset({datetime.date, datetime.time, datetime.datetime})
_MOST_ITEMS = 100


def shown(value: object, element: Element) -> object:
    """Return what is recorded of a widget's value: its shape, or the value where it may be.

    Under ``choices`` a value is one that the app itself has offered; under ``all`` it is also
    what somebody typed, but for a password.
    """
    level = policy().values
    if element.is_secret:
        return {"type": "password"}
    if not element.is_known:  # it may be a password: not even how long it is
        return None if value is None else {"type": type(value).__name__}
    is_offered = element.kind in _OFFERED and not element.takes_other
    may = level == "all" or (level == "choices" and is_offered)
    if element.kind == "data_editor" and isinstance(value, dict):
        return shape(value) | ({} if level == "shape" else {"columns": _edited_columns(value)})
    if element.kind == "chat_input" and hasattr(value, "text"):
        return _message(value) | ({"text": without_secrets(value.text)} if may else {})
    return _bare(value) if may else shape(value)


def _edited_columns(edits: Mapping[Any, Any]) -> list[str]:
    """Return the names of the columns that somebody has edited, of added rows too."""
    rows = [*(edits.get("edited_rows") or {}).values(), *(edits.get("added_rows") or [])]
    return sorted({str(name) for row in rows if isinstance(row, dict) for name in row})


def _message(value: Any) -> dict[str, object]:
    """Return the sizes of what was said in a chat that also takes files."""
    files = [*getattr(value, "files", ()), getattr(value, "audio", None)]
    return {
        "type": type(value).__name__,
        "length": len(value.text),
        "files": len([file for file in files if file is not None]),
    }


def _bare(value: object) -> object:
    if issubclass(type(value), str):
        return without_secrets(value)  # type: ignore[arg-type]
    if value is None or issubclass(type(value), _PLAIN) or type(value) in _DATES:
        return value
    if type(value) in (list, tuple) and len(value) <= _MOST_ITEMS:  # type: ignore[arg-type]
        return [_bare(each) for each in value]  # type: ignore[attr-defined]
    return shape(value)


def shape(value: object) -> Any:
    """Return type and size of a value; of what was selected or edited, how many."""
    # Not by isinstance() nor len(): they would run what an app's own class makes of them.
    kind = type(value)
    if value is None:
        return None
    if issubclass(kind, dict):
        return {"type": "dict", **_counts(cast("Mapping[Any, Any]", value))}
    for sized in (str, list, tuple, set, frozenset):
        if issubclass(kind, sized):
            name = "str" if sized is str else kind.__name__
            return {"type": name, "length": sized.__len__(value)}  # type: ignore[arg-type]
    return {"type": kind.__name__}


def _counts(value: Mapping[Any, Any]) -> dict[str, int]:
    """Return the sizes of a selection's or an edit's parts."""
    inner = value.get("selection")
    parts = inner if isinstance(inner, dict) else value
    sized = {name: part for name, part in parts.items() if isinstance(part, list | dict)}
    counts = {name: _count(part) for name, part in sized.items() if name in _PARTS}
    if not counts and parts is inner:  # of a chart that names its parts itself
        return {"selected": sum(len(part) for part in sized.values())}
    return counts or {"length": len(value)}


def _count(part: list[Any] | dict[Any, Any]) -> int:
    """Return how many there are; on a map they come by layer."""
    by_layer = part.values() if isinstance(part, dict) else ()
    if by_layer and all(isinstance(layer, list) for layer in by_layer):
        return sum(map(len, by_layer))
    return len(part)


_PARTS = frozenset(
    {
        "rows",
        "columns",
        "cells",
        "points",
        "point_indices",
        "indices",
        "box",
        "lasso",
        "edited_rows",
        "added_rows",
        "deleted_rows",
    }
)
