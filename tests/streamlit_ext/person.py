"""What a person can do at an app, done without knowing the app: each widget once, in order."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.streamlit_ext.watched import Scene, WatchedRunner, scene, session_state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streamlit.testing.v1 import AppTest

_DAY = datetime.date(2026, 3, 4)


def story(app: AppTest) -> list[Scene]:
    """Run the app twice, then do something at each of its widgets, also at those that come.

    Returns what each run has done.
    """
    scenes = [scene(app.run()), scene(app.run())]
    done: set[str] = set()
    while (widget_id := _next_widget(app, done)) is not None:
        done.add(widget_id)
        scenes += interact(app, widget_id)
    return scenes


def _next_widget(app: AppTest, done: set[str]) -> str | None:
    metadata = session_state(app)._new_widget_state.widget_metadata
    return next((widget_id for widget_id in metadata if widget_id not in done), None)


def interact(app: AppTest, widget_id: str) -> list[Scene]:
    """Do something at that widget and run the app; its fragment alone where it is in one."""
    node = next((node for node in app if getattr(node, "id", None) == widget_id), None)
    if getattr(node, "disabled", False):
        return []
    metadata = session_state(app)._new_widget_state.widget_metadata[widget_id]
    if _takes_no_file(node, metadata.value_type):
        return []
    fragment = metadata.fragment_id if hasattr(app, "_fragment_storage") else None
    if act := ACTS.get(type(node).__name__):
        act(node)
        states = app._tree.get_widget_states()
    else:
        states = app._tree.get_widget_states()
        # A widget that is not drawn any more has only its default to say.
        raw = RAW[metadata.value_type](widget_id) if node or metadata.value_type in RAW else {}
        states.widgets.append(WidgetState(id=widget_id, **raw))
    WatchedRunner.fragment = fragment
    app._run(states) if act is None or fragment else app.run()
    scenes = [scene(app)]
    if fragment:
        scenes.append(scene(app.run()))
    return scenes


def _takes_no_file(node: object, value_type: str) -> bool:
    """Tell whether this AppTest cannot send a file to the widget: an older one."""
    return value_type == "file_uploader_state_value" and type(node).__name__ not in ACTS


def _typed(text: str) -> Callable[[Any], object]:
    return lambda widget: widget.set_value(text)


def _last_option(widget: Any) -> object:
    if hasattr(widget, "select_index"):
        return widget.select_index(len(widget.options) - 1)
    return widget.set_value(widget.options[-1])


def _several(widget: Any) -> object:
    return widget.set_value(list(widget.options[:2]))


def _group(widget: Any) -> object:
    options = [getattr(option, "content", option) for option in widget.options]
    one = getattr(widget.proto, "click_mode", 0) == 0
    return widget.set_value(options[-1] if one else options[:2])


def _between(widget: Any) -> object:
    value = widget.value
    one = value[0] if isinstance(value, list | tuple) else value
    low, high = (_DAY, _DAY) if isinstance(one, datetime.date) else (widget.min, widget.max)
    return widget.set_value((low, high) if isinstance(value, list | tuple) else high)


def _ends(widget: Any) -> object:
    value = widget.value
    both = isinstance(value, list | tuple)
    options: Sequence[Any] = widget.options
    return widget.set_value((options[0], options[-1]) if both else options[-1])


def _days(widget: Any) -> object:
    value = widget.value
    return widget.set_value((_DAY, _DAY) if isinstance(value, list | tuple) else _DAY)


def _upload(name: str, data: bytes, kind: str) -> Callable[[Any], object]:
    def act(widget: Any) -> object:
        return widget.upload(name, data, kind) if hasattr(widget, "upload") else None

    return act


ACTS: dict[str, Callable[[Any], object]] = {
    "Button": lambda widget: widget.click(),
    "DownloadButton": lambda widget: widget.click(),
    "MenuButton": lambda widget: widget.click_index(0),
    "Checkbox": lambda widget: widget.set_value(not widget.value),
    "Toggle": lambda widget: widget.set_value(not widget.value),
    "ChatInput": _typed("hello"),
    "TextInput": _typed("typed"),
    "TextArea": _typed("typed\nlines"),
    "ColorPicker": _typed("#123456"),
    "DateInput": _days,
    "DateTimeInput": lambda widget: widget.set_value(datetime.datetime(2026, 3, 4, 5, 6)),
    "TimeInput": lambda widget: widget.set_value(datetime.time(5, 6)),
    "Feedback": lambda widget: widget.set_value(1),
    "ButtonGroup": _group,
    "Multiselect": _several,
    "NumberInput": lambda widget: widget.increment(),
    "Pagination": lambda widget: widget.set_value(2),
    "Radio": _last_option,
    "Selectbox": _last_option,
    "SelectSlider": _ends,
    "Slider": _between,
    "FileUploader": _upload("people.csv", b"name\nRosa\n", "text/csv"),
    "AudioInput": _upload("said.wav", b"RIFF", "audio/wav"),
    "CameraInput": _upload("seen.jpg", b"\xff\xd8", "image/jpeg"),
}
"""What is done at a widget, by the name of its class in AppTest."""


def _edited(widget_id: str) -> dict[str, Any]:
    selected = {"rows": [0], "columns": [], "cells": [], "points": [{"x": 1}], "point_indices": [0]}
    edited = {"edited_rows": {"0": {"n": 9}}, "added_rows": [], "deleted_rows": []}
    return {
        "string_value": json.dumps(edited if "editor" in widget_id else {"selection": selected})
    }


# What AppTest has no way for goes to the script as the browser would send it.
RAW: dict[str, Callable[[str], dict[str, Any]]] = {
    "string_value": _edited,
    "bool_value": lambda _: {"bool_value": True},
    "trigger_value": lambda _: {"trigger_value": True},
    "json_value": lambda _: {"json_value": '{"value": "sent", "count": 3}'},
    "json_trigger_value": lambda _: {
        "json_trigger_value": '[{"event": "clicked", "value": "yes"}]'
    },
    "string_trigger_value": lambda _: {"string_trigger_value": {"data": "sent"}},
    "int_value": lambda _: {"int_value": 1},
}
"""The value that a widget sends, by the field it is sent in."""
