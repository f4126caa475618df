"""Runs an app in AppTest and keeps all that a run has done, to lay two of them side by side."""

from __future__ import annotations

import itertools
import re
import threading
import types
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.testing.v1 import app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from datatools_audit._process import shared
from streamlit_ext.instrumentation import Instrumentation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streamlit.runtime.scriptrunner import RerunData
    from streamlit.testing.v1 import AppTest

APPS_FOLDER = Path(__file__).parent / "apps"
_DEEPEST = 6
_OPAQUE = ("threading", "_thread", "streamlit.runtime.caching", "PIL", "altair", "pydeck")
_SHOWN = ("pandas", "numpy", "datetime")
_PLAIN = (type(None), bool, int, float, complex, str, bytes, type)


@dataclass(frozen=True, slots=True)
class Scene:
    """What one run of an app has done.

    Attributes:
        sent: Every message to the browser, as bytes: elements and blocks with their ids,
            exceptions with type, text and stack, pages, titles, ….
        text: The same to be read.
        events: What the script runner has told, in order.
        state: All of the session state: the app's and the widgets' values, ids and keys.
        values: The app's variables when it ended: what each command has returned.
        address: The query of the page's address.
        died: What has ended a thread, the script's own too.
    """

    sent: tuple[bytes, ...]
    text: tuple[str, ...]
    events: tuple[str, ...]
    state: tuple[str, ...]
    values: tuple[str, ...]
    address: str
    died: tuple[str, ...]

    def differences(self, other: Scene) -> list[str]:
        """Return what is not the same in the other one."""
        found = [] if self.sent == other.sent else _first_differing(self.text, other.text, "sent")
        if self.sent != other.sent and not found:
            found = ["sent: the same text, other bytes"]
        for name in ("events", "state", "values", "died"):
            found += _first_differing(getattr(self, name), getattr(other, name), name)
        if self.address != other.address:
            found.append(f"address: {self.address!r} / {other.address!r}")
        return found


def differences(one: list[Scene], other: list[Scene]) -> list[str]:
    """Return what is not the same in two stories, by the number of the run."""
    found = [] if len(one) == len(other) else [f"{len(one)} runs, and {len(other)}"]
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        found += [f"run {number}, {what}" for what in left.differences(right)]
    return found


def _first_differing(one: tuple[str, ...], other: tuple[str, ...], name: str) -> list[str]:
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return [f"{name} {number}:\n{left}\n--- and ---\n{right}"]
    if len(one) != len(other):
        return [f"{name}: {len(one)} of them, and {len(other)}"]
    return []


class WatchedRunner(LocalScriptRunner):
    """AppTest's runner, which remembers its last run and can do something first in it."""

    last: WatchedRunner
    first: Callable[[], object] = staticmethod(lambda: None)
    died: ClassVar[list[str]] = []
    fragment: ClassVar[str | None] = None
    module: types.ModuleType

    def request_rerun(self, rerun_data: RerunData) -> bool:
        """Ask for the fragment alone, as the browser does for a widget in one."""
        fragment, type(self).fragment = self.fragment, None
        if fragment is not None:
            self._requests = ScriptRequests()  # AppTest begins with one for the whole script
            rerun_data = replace(rerun_data, fragment_id=fragment)
        return super().request_rerun(rerun_data)

    def _new_module(self, name: str) -> types.ModuleType:
        """Be where the first line of the entry script is: on its thread, in its context."""
        type(self).first()
        type(self).last = self
        self.module = super()._new_module(name)
        return self.module


def skip_where_too_old(app: str) -> None:
    """Skip where the app says that it needs a newer Streamlit."""
    source = (APPS_FOLDER / f"{app}.py").read_text()
    if needs := re.search(r'^needs = "([^"]*)"', source, re.MULTILINE):
        skip_before(needs[1])


def skip_before(version: str) -> None:
    """Skip on a Streamlit older than that."""
    if _numbers(st.__version__) < _numbers(version):
        pytest.skip(f"needs Streamlit {version}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:2]))


@contextmanager
def watching(first: Callable[[], object] | None = None) -> Iterator[None]:
    """Have each AppTest in here watched; ``first`` is done at the beginning of each run.

    Afterwards nothing of ours is left in Streamlit.
    """
    WatchedRunner.first = staticmethod(first or (lambda: None))
    st.cache_data.clear()
    st.cache_resource.clear()
    numbers = itertools.count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app_test, "LocalScriptRunner", WatchedRunner)
        # Ids of files are drawn at random.
        patch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=next(numbers)))
        patch.setattr(threading, "excepthook", _note_death)
        if manager := getattr(app_test, "BidiComponentManager", None):
            # It searches all that is installed, for each AppTest; the apps here need none.
            patch.setattr(manager, "discover_and_register_components", lambda *_, **__: None)
        try:
            yield
        finally:
            shared("instrumentation", Instrumentation).uninstrument()


def _note_death(told: threading.ExceptHookArgs) -> None:
    WatchedRunner.died.append(told.exc_type.__name__)


def session_state(app: AppTest) -> Any:
    """Return Streamlit's own state of an AppTest: 1.45 and 1.67 keep it in different places."""
    return getattr(app, "_session_state", app.session_state)._state


def scene(app: AppTest) -> Scene:
    """Return what the last run of this app has done."""
    runner = WatchedRunner.last
    died, WatchedRunner.died = tuple(WatchedRunner.died), []
    events = list(zip(runner.events, runner.event_data, strict=True))
    sent = [
        data["forward_msg"]
        for event, data in events
        if event == ScriptRunnerEvent.ENQUEUE_FORWARD_MSG
    ]
    values = {
        name: value
        for name, value in vars(runner.module).items()
        if not (name.startswith("__") or isinstance(value, types.ModuleType))
    }
    return Scene(
        sent=tuple(message.SerializeToString(deterministic=True) for message in sent),
        text=tuple(map(str, sent)),
        events=tuple(
            event.name for event, _ in events if event != ScriptRunnerEvent.ENQUEUE_FORWARD_MSG
        ),
        state=_state_lines(session_state(app)),
        values=tuple(f"{name} = {picture(value)}" for name, value in values.items()),
        address=str(app.query_params),
        died=died,
    )


def _state_lines(state: Any) -> tuple[str, ...]:
    """Return all that a session state holds: what the app sees, and what is behind it."""
    return (
        *(f"{key} = {picture(value)}" for key, value in state.filtered_state.items()),
        f"keys {list(state._key_id_mapper.id_key_mapping.items())}",
        f"old {picture(state._old_state)}",
        f"new {picture(state._new_session_state)}",
        f"widgets {picture(state._new_widget_state.states)}",
        f"metadata {picture(state._new_widget_state.widget_metadata)}",
    )


def picture(value: Any, depth: int = 0) -> str:  # noqa: C901 -- a case for each kind of value
    """Return a text that is the same for the same value, without any of its own methods.

    No address is in it, so that two runs that did the same have the same pictures.
    """
    kind = type(value)
    if depth > _DEEPEST or kind.__module__.startswith(_OPAQUE):
        return kind.__name__
    if kind in _PLAIN:
        return repr(value)
    if issubclass(kind, UploadedFile):
        return f"file {value.file_id} {value.name} {value.type} {value.getvalue()!r}"
    if kind.__module__.startswith(_SHOWN):
        return f"{kind.__name__} {value!r}"
    if issubclass(kind, DeltaGenerator):
        return f"{kind.__name__} {value._root_container} {picture(value._cursor, depth + 1)}"
    if issubclass(kind, str):
        return f"{kind.__name__} {str.__repr__(value)}"
    if issubclass(kind, dict):
        items = dict.items(value)
        inner = ", ".join(f"{picture(k, depth + 1)}: {picture(v, depth + 1)}" for k, v in items)
        return f"{kind.__name__} {{{inner}}}"
    for base in (list, tuple):  # by their own ways, not the subclass's
        if issubclass(kind, base):
            inner = ", ".join(picture(each, depth + 1) for each in base.__iter__(value))
            return f"{kind.__name__} [{inner}]"
    if issubclass(kind, set | frozenset):
        return f"{kind.__name__} {sorted(picture(each, depth + 1) for each in value)}"
    if kind in (types.FunctionType, types.MethodType):
        return f"function {getattr(value, '__qualname__', '')}"
    return f"{kind.__module__}.{kind.__name__} {picture(_attributes(value), depth + 1)}"


def _attributes(value: object) -> dict[str, object]:
    """Return what an object keeps, its slots too, without asking its own methods."""
    try:
        found = dict(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        found = {}
    for kind in type(value).__mro__:
        for name in kind.__dict__.get("__slots__", ()):
            slot = kind.__dict__.get(name)
            if slot is not None and hasattr(slot, "__get__"):
                try:
                    found[name] = slot.__get__(value)
                except AttributeError:
                    continue
    return found
