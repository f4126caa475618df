"""One call that turns a whole app automatic, and its way back."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from datatools_audit._process import shared
from datatools_audit.guard import guard
from datatools_audit.recorder import recorder
from streamlit_ext._compat import PLACES
from streamlit_ext._patch import Observer, Patch, observe, observers
from streamlit_ext.hooks import HOOKS
from streamlit_ext.hooks.pages import hear_present_page
from streamlit_ext.hooks.runs import forget_runs, hear_present_runner
from streamlit_ext.policy import Patterns, Redact, Values, use
from streamlit_ext.session import begin_present, entry_script, use_sessions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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
        self._patches: dict[str, list[Patch]] = {}
        self._status: dict[str, HookStatus] = {}
        self._settled: dict[str, Observer] | None = None

    def install(self) -> None:
        """Put every hook in place that this Streamlit has a place for. Twice is once."""
        told = observers()
        with self._lock:
            if told == self._settled and not self._has_lost_one():
                return  # as at each rerun but the first
            for name, hook in HOOKS.items():
                if all(patch.is_gone for patch in self._patches.get(name, ())):
                    self._install(name)
                if name in self._patches:
                    told[name] = hook.observer
                    if not self._status[name].active:
                        self._status[name] = replace(self._status[name], active=True)
            self._settled = dict(told)

    def uninstrument(self) -> None:
        """Take every hook out; each name in Streamlit is the original again. Twice is once."""
        with self._lock:
            self._settled = None
            for name in list(self._patches):
                observers().pop(name, None)
                where = self._status[name].detail
                restored = [patch.undo() for patch in self._patches[name]]
                if all(restored):
                    del self._patches[name]
                else:  # somebody has put theirs on top of ours, which passes through now
                    where += ", still patched by somebody else"
                self._status[name] = HookStatus(name, active=False, detail=where)
        forget_runs()

    def status(self) -> dict[str, HookStatus]:
        """Return the state of each hook by its name."""
        with self._lock:
            return dict(self._status)

    def _has_lost_one(self) -> bool:
        return any(patch.is_gone for patches in self._patches.values() for patch in patches)

    def _install(self, name: str) -> None:
        missing: list[str] = []
        for places in PLACES[name]:
            try:
                for place in places:
                    place.find()
            except (ImportError, AttributeError) as error:
                missing.append(str(error))
                continue
            made = [observe(place, name, HOOKS[name].when) for place in places]
            self._patches[name] = [patch for patch in made if patch is not None]
            said = ", ".join(map(str, places))
            self._status[name] = HookStatus(name, active=True, detail=said)
            return
        detail = f"not in this Streamlit: {'; '.join(missing)}"
        self._status[name] = HookStatus(name, active=False, detail=detail)


def instrument(
    *,
    app: str | None = None,
    version: str | None = None,
    values: Values | None = None,
    include: Patterns | None = None,
    exclude: Patterns = (),
    redact: Redact | None = None,
    record: Callable[[], object] | None = None,
    show_codes: bool = False,
) -> Instrumentation:
    """Record what happens in this app: sessions, pages, widgets, files, errors, hangs.

    Call it first in the entry script; it runs at each rerun and does its work once. A hook
    that this Streamlit has no place for is ``unavailable`` in ``status()`` and the rest works.

    Args:
        app: The app's name in the banner of each session; the entry script's when None.
        version: The app's version in the banner.
        values: How much of a widget's value is recorded. ``shape`` (default): its type and
            size. ``choices``: also what the app has offered. ``all``: also what was typed,
            never a password. ``DATATOOLS_AUDIT_VALUES`` is stronger.
        include: Only these widgets are recorded: patterns such as ``"filter_*"``, matched
            against a widget's key, its label and its kind. None for all.
        exclude: These are not, which is stronger.
        redact: Gets the fields of each record of a widget, an upload or a download, and
            returns those to record, or None to leave the record out. Where it fails the
            record is left out. It runs on the script's thread: it has to be quick.
        record: Asked once for each visitor, when the script first runs; where it returns
            something false, or fails, nothing at all is recorded of that visitor.
            ``st.user`` and ``st.context`` are at hand in it.
        show_codes: Whether the box of an uncaught error says its support code.

    Raises:
        TypeError: A pattern is no text, or ``redact`` or ``record`` is not callable.

    Threads: any.
    """
    use(values, include, exclude, redact, record, show_codes=show_codes)
    hooks = shared("instrumentation", Instrumentation)
    with guard("instrument"):
        stem, recorder.root = _named(entry_script())
        recorder.app = (app or stem, version)
        use_sessions()
        hooks.install()
        begin_present()
        hear_present_runner()
        hear_present_page()
    return hooks


@functools.lru_cache(maxsize=1)
def _named(script: Path | None) -> tuple[str | None, str | None]:
    """Return an entry script's name without its ending, and its folder."""
    return (script.stem, str(script.parent)) if script else (None, None)
