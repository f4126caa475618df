"""What a widget is called: Streamlit tells it where it draws, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streamlit_ext._compat import kind_of

if TYPE_CHECKING:
    from datatools_audit.context import Session

_MOST_ELEMENTS = 2_000
_MEMORY = "elements"
_PASSWORD = 1
_LISTS = frozenset({"selectbox", "multiselect"})


@dataclass(frozen=True, slots=True)
class Element:
    """One widget as the app has drawn it.

    Attributes:
        kind: The command that drew it: ``selectbox``, ``toggle``, ….
        label: Its label.
        is_secret: Whether it hides what is typed.
        takes_other: Whether it also takes what the app has not offered.
    """

    kind: str
    label: str
    is_secret: bool = False
    takes_other: bool = False


UNKNOWN = Element("widget", "")


def remember(session: Session, delta: str, proto: Any) -> None:
    """Keep the name of a widget that was just drawn, for as long as the session lives."""
    widget_id = proto.id
    if not isinstance(widget_id, str):
        return
    label = getattr(proto, "label", "") or getattr(proto, "placeholder", "")
    known: dict[str, Element] | None = session.memory.get(_MEMORY)
    if known is None:
        known = session.memory.setdefault(_MEMORY, {})
    found = known.get(widget_id)
    is_secret = delta == "text_input" and proto.type == _PASSWORD
    takes_other = delta in _LISTS and getattr(proto, "accept_new_options", False)
    if (
        found is not None
        and found.label == label
        and found.is_secret == is_secret
        and found.takes_other == takes_other
    ):
        return
    if found is None and len(known) >= _MOST_ELEMENTS:
        del known[next(iter(known))]
    known[widget_id] = Element(kind_of(delta, proto), str(label), is_secret, takes_other)


def element(session: Session, widget_id: str) -> Element:
    """Return the widget of that id, or ``UNKNOWN``."""
    found: dict[str, Element] = session.memory.get(_MEMORY, {})
    return found.get(widget_id, UNKNOWN)
