"""A piece of work with a start, an end and an outcome."""

from __future__ import annotations

import functools
import inspect
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast, overload

from datatools_audit._process import shared
from datatools_audit.context import Session, new_id
from datatools_audit.guard import guard
from datatools_audit.paths import without_home
from datatools_audit.record.text import exception_text, text_or_type, type_name
from datatools_audit.recorder import recorder
from datatools_audit.watchdog import Work

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from types import TracebackType

P = ParamSpec("P")
R = TypeVar("R")

_ABSENT = object()
_SAID = {"ok": "finished", "error": "failed", "interrupted": "interrupted"}
_FIELDS = {"outcome", "duration_ms", "exc_type", "exc_message"}
_LEVELS = {"ok": "info", "error": "warning", "interrupted": "info"}


_current: ContextVar[_Run | None] = shared(
    "action", lambda: ContextVar("datatools_audit_action", default=None)
)


def leave_actions() -> Callable[[], None]:
    """Be inside of no action from here on; return what goes back into those that were open."""
    inside = _current.get()
    _current.set(None)

    def go_back() -> None:
        _current.set(inside)

    return go_back


class Action:
    """One action; a context manager, plain and async, and a decorator.

    Each ``with`` and each call of a decorated function is an action of its own, with its
    own id, also when they overlap.

    Threads: any. Nesting follows context variables, so each thread and task has its own.
    """

    def __init__(self, name: str, extra: dict[str, object]) -> None:
        self._name = name
        self._extra = extra
        self._runs: list[_Run] = []

    def __enter__(self) -> Action:
        """Record the start."""
        run = _Run(self._name, self._extra)
        with guard("action start"):
            run.start()
        self._runs.append(run)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Record the end with its outcome; what was raised travels on."""
        with guard("action end"):
            run = self._running()
            self._runs.remove(run)
            run.end(exc)

    async def __aenter__(self) -> Action:
        """Record the start."""
        return self.__enter__()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Record the end with its outcome; what was raised travels on."""
        self.__exit__(exc_type, exc, traceback)

    def add(self, /, **extra: object) -> None:
        """Add extras to the end's record. Never raises."""
        with guard("action add"):
            run = _current.get()
            while run is not None and run.template is not self._extra:
                run = run.parent
            if run is None and self._runs:  # another thread has no context of ours
                run = self._runs[-1]
            (run.extra if run is not None else self._extra).update(extra)

    def _running(self) -> _Run:
        """Return the run of the present thread or task; the last one where none is known."""
        run = _current.get()
        return run if run is not None and run in self._runs else self._runs[-1]

    @overload
    def __call__(self, function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]: ...
    @overload
    def __call__(self, function: Callable[P, R]) -> Callable[P, R]: ...
    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return the function with each call made an action.

        Of a coroutine or generator function the action is its whole run; of an
        asynchronous generator function only the call.
        """
        name, extra = self._name, self._extra
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> object:
                with Action(name, extra):
                    return await function(*args, **kwargs)

            return cast("Callable[P, R]", awaited)

        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def generated(*args: P.args, **kwargs: P.kwargs) -> Generator[object, object, object]:
                with Action(name, extra):
                    made = cast("Generator[object, object, object]", function(*args, **kwargs))
                    return (yield from made)

            return cast("Callable[P, R]", generated)

        @functools.wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            with Action(name, extra):
                return function(*args, **kwargs)

        return called


class _Run:
    """One run of an action, from its start to its end."""

    def __init__(self, name: str, extra: dict[str, object]) -> None:
        self.template = extra
        self.extra = dict(extra)
        self._given = dict(extra)
        self._name = name
        self.id = new_id()
        self.parent: _Run | None = None
        self.session: Session | None = None
        self._work: Work | None = None
        self.is_open = True
        self._began = time.perf_counter()

    def start(self) -> None:
        self.parent = _open_run(_current.get())
        _current.set(self)
        self.session = recorder.session()
        if self.session is recorder.process_session and self.parent is not None:
            # Another thread has the context, as by `asyncio.to_thread`, but no run of a script.
            self.session = self.parent.session or self.session
        self._emit("info", "started", {"phase": "start"}, self._given)
        self._began = time.perf_counter()
        if not self.session.muted:
            limit = recorder.config.hang_seconds
            self._work = Work(self._name, self.session, {"action_id": self.id}, limit)
            recorder.watchdog.open(self._work)

    def end(self, exc: BaseException | None) -> None:
        duration = time.perf_counter() - self._began
        self.is_open = False
        if self._work is not None:
            recorder.watchdog.close(self._work)
        _current.set(_open_run(_current.get()))
        outcome = "ok" if exc is None else "error" if isinstance(exc, Exception) else "interrupted"
        fields: dict[str, object] = {
            "phase": "end",
            "outcome": outcome,
            "duration_ms": round(duration * 1000, 3),
        }
        said = _SAID[outcome]
        if outcome == "error" and exc is not None:
            fields["exc_type"] = type_name(exc)
            fields["exc_message"] = without_home(exception_text(exc))
            said += f": {fields['exc_type']}"
        self._emit(_LEVELS[outcome], said, fields, self.extra)

    def open_id(self) -> str | None:
        run = _open_run(self)
        return run.id if run is not None else None

    def _emit(
        self, level: str, said: str, fields: dict[str, object], extra: dict[str, object]
    ) -> None:
        if not recorder.records("no-events"):
            return
        ids = {"action_id": self.id, "parent_id": self.parent and self.parent.id}
        fields = {"phase": fields.pop("phase"), **ids, **fields}
        for name in _FIELDS & extra.keys() - fields.keys():  # one name, one meaning, in both
            extra = {("extra_" + name if k == name else k): v for k, v in extra.items()}
        recorder.emit(level, self._name, f"{self._name} {said}", fields, extra, self.session)


def _open_run(run: _Run | None) -> _Run | None:
    """Return the innermost run that has not ended, from that one outwards."""
    while run is not None and not run.is_open:
        run = run.parent
    return run


recorder.current_run = _current.get


@overload
def audit_action(name: str, **extra: object) -> Action: ...
@overload
def audit_action(name: str, /, **extra: object) -> Action: ...


def audit_action(name: object = _ABSENT, /, **extra: object) -> Action:
    """Record a piece of work: its start, and its end with outcome and duration.

    Use it as ``with audit_action("analyze") as action:``, as ``async with``, or as the
    decorator ``@audit_action("analyze")`` of a function or coroutine function.

    Both records have the category ``name`` and carry ``phase`` (``start`` or ``end``),
    ``action_id`` and ``parent_id`` (8 hex digits; the parent is None at the outermost).
    The end carries ``outcome`` (``ok``; ``error``; ``interrupted`` for what is no
    ``Exception``, as what stops or reruns a script), ``duration_ms`` from a monotonic
    clock, and after an error ``exc_type`` and ``exc_message``.

    Args:
        name: The action's name.
        extra: Recorded with both records; ``action.add(rows=…)`` adds to the end.

    What is raised inside travels on unchanged. Never raises itself. Threads: any.
    """
    if name is _ABSENT:
        name = extra.pop("name", "action")
    return Action(text_or_type(name), extra)
