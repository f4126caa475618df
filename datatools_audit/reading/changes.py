"""What a person has changed at a widget, in words, by the kind of widget. Nothing here raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from datatools_audit.reading import wording
from datatools_audit.reading.wording import clean, whole
from datatools_audit.record.widgets import ONE_OF

if TYPE_CHECKING:
    Record = Mapping[str, object]
    Words = tuple[str, str]

_SOME_OF = frozenset({"multiselect", "segmented_control", "pills"})
_SWITCHES = frozenset({"checkbox", "toggle"})
_SHAPE_SAYS_NOTHING = ONE_OF | frozenset(
    "slider number_input date_input time_input datetime_input color_picker feedback tabs expander "
    "popover pagination".split()
)
_MANY = frozenset({"list", "tuple", "set"})


def changed(first: Record, last: Record) -> Words:
    """Return what to say before and behind the widget's name.

    Args:
        first: The change; of several in a row the first one.
        last: Of several in a row the last one; else the same.
    """
    if "new" not in last:
        return "changed", ""
    kind, new = clean(last.get("kind"), 40), last["new"]
    if kind in _SWITCHES and type(new) is bool:
        state = wording.value(new)
        return "switched", f" {state}" if first is last else f": now {state}"
    if kind in _SWITCHES:
        return "ticked or unticked", _from_to(first, last)
    if kind in _SOME_OF and (type(new) is list or _is_many(new)):
        return "changed the choice in", _chosen(first, last)
    if kind in ONE_OF:
        return _option(first, last, kind)
    return "moved" if kind == "slider" else "changed", _behind(first, last, kind)


def _option(first: Record, last: Record, kind: str) -> Words:
    old = first.get("old")
    if last.get("new") is None:
        is_told = old is not None and not isinstance(old, Mapping)
        return "chose nothing in", f", it was {wording.value(old)}" if is_told else ""
    one = "an" if old is None and first is last else "another"
    return f"chose {one} option in", _behind(first, last, kind)


def _chosen(first: Record, last: Record) -> str:
    new = last.get("new")
    if not isinstance(new, Mapping):
        return _from_to(first, last)
    found = whole(new.get("length"))
    return f": {found:,} chosen" if found else ": none chosen"


def _behind(first: Record, last: Record, kind: str) -> str:
    new = last.get("new")
    if kind in _SHAPE_SAYS_NOTHING and isinstance(new, Mapping):
        return ""
    if kind in _SHAPE_SAYS_NOTHING and isinstance(first.get("old"), Mapping):
        return f": {wording.value(new)}"
    return _from_to(first, last)


def _from_to(first: Record, last: Record) -> str:
    """Return from what to what, as far as that is recorded."""
    old, new = first.get("old"), last.get("new")
    before, now = wording.value(old), wording.value(new)
    is_shape = isinstance(new, Mapping) and first is last
    if is_shape or old is None or before == now or not before:
        return f": {now}" if now else ""
    return f": from {before} to {now}" if now else f": from {before}"


def _is_many(new: object) -> bool:
    """Tell whether that is the shape of several values."""
    kind = new.get("type") if isinstance(new, Mapping) else None
    return type(kind) is str and kind in _MANY
