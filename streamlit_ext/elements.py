"""What a widget is called: Streamlit tells it where it draws, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datatools_audit._process import shared
from datatools_audit.record.widgets import FILES
from streamlit_ext._compat import (
    component_name,
    download_source,
    drawn_id,
    is_told_by_click,
    key_in,
    kind_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from datatools_audit.context import Session

_MOST_ELEMENTS = 20_000
_MOST_SOURCES = 20_000
_KEPT_KINDS = FILES | {"chat_input", "download_button"}
"""Of these kinds none is forgotten, nor a field that hides what is typed: what is not known of
them would be recorded."""
_MEMORY = "elements"
_HIDDEN = "fields that hide"
_PASSWORD = 1
OWN = "_datatools_audit_"
"""How the keys of our own widgets begin. What happens to them is not recorded: a hand-over and a
report have records of their own."""
_LISTS = frozenset({"selectbox", "multiselect"})
_TOLD_MORE = _LISTS | {"text_input", "download_button"}
"""Elements of which more than the label may change while the id stays."""

Kept = tuple[str, str, bool, bool, str, bool, str | None]
"""The fields of an ``Element``. Streamlit collects garbage after each run, and of what a session
keeps a plain tuple of plain values is the one thing that the collector does not look at again."""


@dataclass(frozen=True, slots=True)
class Element:
    """One widget as the app has drawn it.

    Attributes:
        kind: The command that drew it: ``selectbox``, ``toggle``, ….
        label: Its label.
        is_secret: Whether it hides what is typed.
        takes_other: Whether it also takes what the app has not offered.
        source: Of a download: the last part of its address, or of a promise to make it.
        ignores_click: Whether a click on it is not told, or says nothing of the download.
        key: Its key.
        is_known: Whether it was seen when it was drawn. Of one that was not nobody can say
            whether it hides what is typed.
    """

    kind: str
    label: str
    is_secret: bool = False
    takes_other: bool = False
    source: str = ""
    ignores_click: bool = False
    key: str | None = None
    is_known: bool = True


UNKNOWN = Element("widget", "", is_known=False)


def remember(session: Session, widget_id: str, delta: str, proto: Any) -> None:
    """Keep the name of a widget that was just drawn, for as long as the session lives."""
    if type(widget_id) is not str:
        return
    known: dict[str, Kept] | None = session.memory.get(_MEMORY)
    if known is None:
        known = session.memory.setdefault(_MEMORY, {})
    label = getattr(proto, "label", "")
    found = known.get(widget_id)
    if found is not None and found[1] == label != "" and delta not in _TOLD_MORE:
        return
    label = label or _other_name(proto)
    source = ""
    if delta == "download_button" and not is_own(key_in(widget_id)):
        source = download_source(proto)
    is_secret = delta == "text_input" and _is_secret(session, widget_id, proto)
    takes_other = delta in _LISTS and getattr(proto, "accept_new_options", False)
    if (
        found is not None
        and found[1] == label
        and found[2] is is_secret
        and found[3] is takes_other
        and found[4] == source
    ):
        if source:
            remember_download(session, widget_id, Element(*found))
        return
    if found is None and len(known) >= _MOST_ELEMENTS:
        _forget_one(known)
    ignores = bool(source) and not is_told_by_click(proto)
    kind, key = kind_of(delta, proto), key_in(widget_id)
    kept = kind, str(label), is_secret, takes_other, source, ignores, key
    known[widget_id] = kept
    if found is not None and found[4] not in ("", source):
        _forget_source(session, widget_id, found[4])
    if source:
        remember_download(session, widget_id, Element(*kept))


def _is_secret(session: Session, widget_id: str, proto: Any) -> bool:
    """Tell whether a field hides what is typed, or did so before: it still may hold a password.

    By its key too, since the id of a field may change with what it hides.
    """
    hidden: set[str] = session.memory.setdefault(_HIDDEN, set())
    names = {widget_id, key_in(widget_id)} - {None}
    if proto.type == _PASSWORD:
        hidden.update(name for name in names if name)
    return not hidden.isdisjoint(names)


def _forget_one(known: dict[str, Kept]) -> None:
    """Forget the widget that was first drawn the longest ago, of those that may be forgotten."""
    for widget_id, kept in known.items():
        if not kept[2] and kept[0] not in _KEPT_KINDS:
            del known[widget_id]
            return


def is_own(key: str | None) -> bool:
    """Tell whether a widget of that key is one of ours."""
    return key is not None and key.startswith(OWN)


def _other_name(proto: Any) -> str:
    """Return what a person sees of a widget without a label."""
    seen = getattr(proto, "placeholder", "") or getattr(proto, "title", "")
    return seen or component_name(proto)


def element(session: Session, widget_id: str) -> Element:
    """Return the widget of that id, or ``UNKNOWN``."""
    known: dict[str, Kept] = session.memory.get(_MEMORY, {})
    found = known.get(drawn_id(widget_id))
    return UNKNOWN if found is None else Element(*found)


def drawn_of(session: Session, kinds: Collection[str]) -> list[Element]:
    """Return the widgets of these kinds that a session has drawn. Threads: any."""
    known: dict[str, Kept] = session.memory.get(_MEMORY, {})
    return [Element(*kept) for kept in list(known.values()) if kept[0] in kinds]


def remember_download(session: Session, widget_id: str, drawn: Element) -> None:
    """Keep whose download it is: what fetches it comes without a session."""
    drawers = _drawers()
    if drawn.source not in drawers and len(drawers) >= _MOST_SOURCES:
        drawers.pop(next(iter(drawers)), None)
    drawers.setdefault(drawn.source, {})[session.id, widget_id] = session, drawn


def drawers_of(source: str) -> list[tuple[Session, Element]]:
    """Return the buttons that offer a download, each with the session that has drawn it."""
    return list(_drawers().get(source, {}).values())


def forget_downloads(session: Session) -> None:
    """Forget what a session has drawn that is over."""
    for source, buttons in list(_drawers().items()):
        for whose, widget_id in list(buttons):
            if whose == session.id:
                _forget_source(session, widget_id, source)


def _forget_source(session: Session, widget_id: str, source: str) -> None:
    """A button is gone, or offers another file now."""
    buttons = _drawers().get(source, {})
    buttons.pop((session.id, widget_id), None)
    if not buttons:
        _drawers().pop(source, None)


def _drawers() -> dict[str, dict[tuple[str, str], tuple[Session, Element]]]:
    return shared("downloads", dict)
