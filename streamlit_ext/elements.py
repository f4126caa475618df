"""What a widget is called: Streamlit tells it where it draws, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streamlit_ext._compat import kind_of

if TYPE_CHECKING:
    from datatools_audit.context import Session

_MOST_ELEMENTS = 2_000
_MEMORY = "elements"


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
    widget_id = getattr(proto, "id", "")
    if not isinstance(widget_id, str) or not widget_id:
        return
    known: dict[str, Element] = session.memory.setdefault(_MEMORY, {})
    if len(known) >= _MOST_ELEMENTS and widget_id not in known:
        del known[next(iter(known))]
    kind = kind_of(delta, proto)
    known[widget_id] = Element(
        kind,
        str(getattr(proto, "label", "") or getattr(proto, "placeholder", "")),
        is_secret=kind == "text_input" and getattr(proto, "type", 0) == 1,
        takes_other=bool(getattr(proto, "accept_new_options", False)),
    )


def element(session: Session, widget_id: str) -> Element:
    """Return the widget of that id, or ``UNKNOWN``."""
    found: dict[str, Element] = session.memory.get(_MEMORY, {})
    return found.get(widget_id, UNKNOWN)
