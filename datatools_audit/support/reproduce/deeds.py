"""One record of a widget or a download → one step of a test."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from datatools_audit.reading.ordering import text
from datatools_audit.record.widgets import CHOICES, FILES, TYPED
from datatools_audit.support.groups import LEFT_OUT
from datatools_audit.support.reproduce.steps import (
    Change,
    Click,
    Edit,
    Miss,
    Say,
    Upload,
    Widget,
)
from datatools_audit.support.reproduce.values import counts, names, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datatools_audit.support.reproduce.steps import Step

_PRESSED = frozenset(
    {"button", "form_submit_button", "download_button", "link_button", "menu_button", "dialog"}
)
_WHY_NOT = {
    "tabs": "AppTest cannot open a tab",
    "expander": "AppTest cannot open an expander",
    "popover": "AppTest cannot open a popover",
    "component": "what a component sends is its own affair",
    "widget": "the record does not say which widget it was",
}


def step_of(record: Mapping[str, object], ts: str) -> Step:
    """Return what a test does instead; a ``Miss`` where it can do nothing."""
    kind = text(record, "kind")
    widget = _widget(record, kind)
    new = record.get("new")
    cut = record.get("truncated")
    is_cut = isinstance(cut, list) and "new" in cut
    if record.get("category") == "download":
        return Click(ts, replace(widget, kind="download_button"))
    if kind in _PRESSED:
        return Click(ts, widget, value_of(kind, new) if new is not None else None)
    if kind == "chat_input":
        return Say(ts, widget, value_of(kind, new, is_cut=is_cut))
    if kind in FILES:
        return Upload(ts, widget, ())
    if kind == "data_editor" or (kind == "dataframe" and not dict(counts(new)).get("cells")):
        return Edit(ts, widget, counts(new), names(new))
    if kind in CHOICES or kind in TYPED:
        return Change(ts, widget, value_of(kind, new, is_cut=is_cut))
    why = _WHY_NOT.get(kind, "which of its points were selected is never recorded")
    return Miss(ts, f"used {kind} {widget.name}", why)


def _widget(record: Mapping[str, object], kind: str) -> Widget:
    """Return how the record calls the widget; what a bundle leaves out calls nothing."""
    label, key = text(record, "label"), text(record, "key")
    is_unnamed = LEFT_OUT in (label, key)
    label = "" if label == LEFT_OUT else label
    return Widget(kind, label, None if key in ("", LEFT_OUT) else key, is_unnamed=is_unnamed)
