"""What a person does at a widget: which one, and of its value what the policy allows."""

from __future__ import annotations

from threading import get_ident
from typing import TYPE_CHECKING, Any

from datatools_audit.recorder import recorder
from streamlit_ext._compat import (
    drawn_id,
    is_first_value,
    is_trigger,
    is_unknown_to,
    key_in,
    values_of,
    widget_key,
)
from streamlit_ext.elements import element, is_own, remember
from streamlit_ext.hooks import uploads
from streamlit_ext.hooks.downloads import record_download
from streamlit_ext.hooks.runs import tell_start
from streamlit_ext.policy import policy
from streamlit_ext.session import current, runs_of_threads
from streamlit_ext.values import shown

if TYPE_CHECKING:
    from datatools_audit.context import Session

_SEEN = "values seen"
_MOST_SEEN = 2_000
_PLAIN = frozenset({str, int, float, bool})
_without_id: set[type] = set()
"""The classes of elements that nobody can use: to ask one for its id costs most of hearing it."""


def hear_element(_generator: object, delta: str, proto: Any, *_: Any, **__: Any) -> None:
    """Remember what a widget is called that is being drawn.

    It comes for each element of each run, so it asks no more than it has to, and nothing twice.
    """
    kind = type(proto)
    if kind in _without_id:
        return
    widget_id = getattr(proto, "id", None)
    if widget_id is None:
        _without_id.add(kind)
    elif widget_id:
        session = runs_of_threads.get(get_ident()) or current()
        if session is not None:
            remember(session, widget_id, delta, proto)


def hear_container(generator: object, block_proto: Any = None, *_: Any, **__: Any) -> None:
    """Remember what a container is called that somebody may open, close or dismiss."""
    kind = block_proto.WhichOneof("type") if block_proto is not None else None
    if kind is not None:
        hear_element(generator, kind, getattr(block_proto, kind))


def hear_change(changed: object, state: Any, widget_id: str) -> None:
    """Record that a person has changed or clicked a widget.

    It comes on the script's thread with the session's lock held, once for each widget and
    interaction, never on a plain rerun.

    Args:
        changed: What Streamlit found; a component's value may refuse to be true or false.
        state: Streamlit's state of the session.
        widget_id: Streamlit's.
    """
    if not bool(changed) or not recorder.records("no-events"):
        return
    session = current()
    # The id has it too, and keeps it when the app clears its state.
    key = widget_key(state, widget_id) or key_in(drawn_id(widget_id))
    if session is None or session.muted or is_own(key) or _is_no_news(session, state, widget_id):
        return
    tell_start()
    found = element(session, widget_id)
    if not policy().hears(found, key):
        return
    if found.source:
        if not found.ignores_click:
            record_download(session, found, key)
        return
    old, new = values_of(state, widget_id)
    fields: dict[str, object] = {"kind": found.kind, "label": found.label, "key": key}
    if is_trigger(state, widget_id):
        said = "Dismissed" if found.kind == "dialog" else "Clicked"
        if not isinstance(new, bool):
            said, fields["new"] = "Used", shown(new, found)
    else:
        said = "Changed"
        fields |= {"old": shown(old, found), "new": shown(new, found)}
    allowed = policy().redacted(fields)
    if allowed is not None:
        name = allowed.get("label") or allowed.get("key") or found.kind
        recorder.emit("info", "widget", f"{said} {name}", allowed, {}, session)
    if found.kind in uploads.KINDS:
        uploads.hear_files(session, old, new)


def _is_no_news(session: Session, state: Any, widget_id: str) -> bool:
    """Tell whether nobody has done anything at a widget that Streamlit takes for changed."""
    _, new = values_of(state, widget_id)
    if is_trigger(state, widget_id):
        return new is None or new is False  # not pressed; its clicks are all alike
    return _is_sent_again(session, state, widget_id, new)


def _is_sent_again(session: Session, state: Any, widget_id: str, new: object) -> bool:
    """Tell whether a browser says of a widget what it has said before, or what it began with.

    Streamlit forgets what it knew of a widget that is not drawn any more, and all of it when an
    app clears its state; the browser may still send its value, and Streamlit takes it for new.
    """
    seen: dict[str, int] = session.memory.setdefault(_SEEN, {})
    told = _digest(new)
    is_again = is_first_value(state, widget_id) or (
        told is not None and seen.get(widget_id) == told and is_unknown_to(state, widget_id)
    )
    if told is not None:
        if widget_id not in seen and len(seen) >= _MOST_SEEN:
            del seen[next(iter(seen))]
        seen[widget_id] = told
    return is_again


def _digest(value: object) -> int | None:
    """Return what tells a value from another, for this process only; None of what has none."""
    if type(value) in _PLAIN:
        return hash((type(value), value))
    if type(value) in (list, tuple) and all(type(each) in _PLAIN for each in value):  # type: ignore[attr-defined]
        return hash((type(value), tuple(value)))  # type: ignore[arg-type]
    return None
