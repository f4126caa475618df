"""One call that turns a whole app automatic, and its way back."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.api import start_session
from datatools_audit.guard import guard
from datatools_audit.recorder import recorder
from streamlit_ext._compat import PLACES
from streamlit_ext._patch import observe, observers
from streamlit_ext.hooks import ANSWERED, HOOKS
from streamlit_ext.session import current, entry_script, use_sessions
from streamlit_ext.values import Values, use_values

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class HookStatus:
    """The state of one hook.

    Attributes:
        name: The hook: ``sessions``, ``pages``, ``widgets``, ``uploads``, ….
        active: Whether it hears.
        detail: Where it listens, or why it does not.
    """

    name: str
    active: bool
    detail: str

    def __str__(self) -> str:
        return f"{self.name}: {'active' if self.active else 'unavailable'}, {self.detail}"


class Instrumentation:
    """The process's hooks in Streamlit. Made by ``instrument``, one per process.

    Threads: any.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._undo: dict[str, list[Callable[[], bool]]] = {}
        self._status: dict[str, HookStatus] = {}

    def install(self) -> None:
        """Put every hook in place that this Streamlit has a place for. Twice is once."""
        with self._lock:
            for name, observer in HOOKS.items():
                if name not in self._undo:
                    self._install(name)
                if name in self._undo:
                    observers()[name] = observer
                    self._status[name] = HookStatus(
                        name, active=True, detail=self._status[name].detail
                    )

    def uninstrument(self) -> None:
        """Take every hook out; each name in Streamlit is the original again. Twice is once."""
        with self._lock:
            for name in list(self._undo):
                observers().pop(name, None)
                where = self._status[name].detail
                restored = [step() for step in self._undo[name]]
                if all(restored):
                    del self._undo[name]
                else:  # somebody has put theirs on top of ours, which passes through now
                    where += ", still patched by somebody else"
                self._status[name] = HookStatus(name, active=False, detail=where)

    def status(self) -> dict[str, HookStatus]:
        """Return the state of each hook by its name."""
        with self._lock:
            return dict(self._status)

    def _install(self, name: str) -> None:
        missing = ""
        for places in PLACES[name]:
            try:
                for place in places:
                    place.find()
            except (ImportError, AttributeError) as error:
                missing = missing or f"not in this Streamlit: {error}"
                continue
            self._undo[name] = [observe(place, name, answer=name in ANSWERED) for place in places]
            said = ", ".join(map(str, places))
            self._status[name] = HookStatus(name, active=True, detail=said)
            return
        self._status[name] = HookStatus(name, active=False, detail=missing)


def instrument(
    *, app: str | None = None, version: str | None = None, values: Values | None = None
) -> Instrumentation:
    """Record what happens in this app: sessions, pages, widgets, uploads, uncaught exceptions.

    Call it first in the entry script; it runs at each rerun and does its work once. Never
    raises: a hook that this Streamlit has no place for is ``unavailable`` in ``status()``
    and the rest works.

    Args:
        app: The app's name in the banner of each session; the entry script's when None.
        version: The app's version in the banner.
        values: How much of a widget's value is recorded. ``shape`` (default): its type and
            size. ``choices``: also what the app has offered. ``all``: also what was typed,
            never a password. ``DATATOOLS_AUDIT_VALUES`` is stronger.

    Threads: any.
    """
    hooks = shared("instrumentation", Instrumentation)
    with guard("instrument"):
        script = entry_script()
        recorder.app = (app or (script.stem if script else None), version)
        recorder.root = str(script.parent) if script else None
        use_sessions()
        use_values(values)
        hooks.install()
        session = current()
        if session is not None:  # also one that an action or a page made known before
            start_session(session)
    return hooks
