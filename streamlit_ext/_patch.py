"""Put an observer on a name and take it off again; knows nothing of what is observed."""

from __future__ import annotations

import enum
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from datatools_audit._process import shared
from datatools_audit.guard import count_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streamlit_ext._compat import Place

_MARK = "_datatools_audit_hook"


class Observer(Protocol):
    """Is told of a call: what it was called with. May raise; what it returns is ignored."""

    def __call__(self, *args: Any, **kwargs: Any) -> object:
        """Take note of the call."""


class When(enum.Enum):
    """The moment at which an observer is told of a call, and what it gets before the rest."""

    CALLED = "before the call"
    ANSWERED = "behind it, with what it returned, unless that is False itself"
    LOOKED_UP = "when a method is looked up to be called, with its object and nothing else"
    DONE = "behind it, with what it returned and the exception that it raised, or None"


@dataclass(frozen=True, slots=True)
class Hook:
    """Who is told of the calls of a name, and when."""

    observer: Observer
    when: When = When.CALLED


def observers() -> dict[str, Observer]:
    """Return the process's observers by the name of their hook.

    A patch looks here at each call, so new code after a hot reload is a new entry and
    never a second patch.
    """
    return shared("observers", dict)


@dataclass(frozen=True, slots=True)
class Patch:
    """What stands at a name of somebody else's, and what stood there before."""

    owner: Any
    name: str
    original: Any
    ours: Any

    @property
    def is_gone(self) -> bool:
        """Whether somebody has put the original back."""
        return vars(self.owner).get(self.name) is self.original

    def undo(self) -> bool:
        """Put the original back; tell whether it is there.

        It is not when somebody else has replaced the name after us: ours only passes through.
        """
        if vars(self.owner).get(self.name) is not self.ours:
            return self.is_gone
        setattr(self.owner, self.name, self.original)
        return True


def observe(place: Place, hook: str, when: When = When.CALLED) -> Patch | None:
    """Have each call of that name told to the hook's observer.

    Args:
        place: The name.
        hook: Whose observer.
        when: At which moment.

    The call itself is never guarded nor changed.

    Returns:
        The patch; None where a copy of this module has put it there before.

    Raises:
        ImportError, AttributeError: This Streamlit has no such name.
    """
    owner, name = place.find()
    original = vars(owner)[name]
    if getattr(original, _MARK, None) == hook:
        return None
    ours = _WRAPPERS[when](original, hook)
    setattr(ours, _MARK, hook)
    setattr(owner, name, ours)
    return Patch(owner, name, original, ours)


def _tell_called(original: Callable[..., Any], hook: str) -> Callable[..., Any]:
    told, where = observers(), f"hook {hook}"  # once: an app draws hundreds of elements a run

    @functools.wraps(original)
    def passing_through(*args: Any, **kwargs: Any) -> Any:
        observer = told.get(hook)
        if observer is not None:
            try:
                observer(*args, **kwargs)
            except Exception as error:
                count_failure(where, type(error))
        return original(*args, **kwargs)

    return passing_through


def _tell_answered(original: Callable[..., Any], hook: str) -> Callable[..., Any]:
    told, where = observers(), f"hook {hook}"

    @functools.wraps(original)
    def passing_through(*args: Any, **kwargs: Any) -> Any:
        answer = original(*args, **kwargs)
        observer = told.get(hook) if answer is not False else None  # its truth may raise
        if observer is not None:
            try:
                observer(answer, *args, **kwargs)
            except Exception as error:
                count_failure(where, type(error))
        return answer

    return passing_through


def _tell_done(original: Callable[..., Any], hook: str) -> Callable[..., Any]:
    told, where = observers(), f"hook {hook}"

    @functools.wraps(original)
    def passing_through(*args: Any, **kwargs: Any) -> Any:
        answer, failure = None, None
        try:
            answer = original(*args, **kwargs)
        except Exception as error:
            failure = error
            raise
        finally:
            observer = told.get(hook)
            if observer is not None:
                try:
                    observer(answer, failure, *args, **kwargs)
                except Exception as error:
                    count_failure(where, type(error))
        return answer

    return passing_through


class _LookedUp:
    """Stands for a method that runs code of the app's: the stack has no frame of ours.

    What is called is the original itself, so an error that the app shows looks as ever.
    """

    def __init__(self, original: Callable[..., Any], hook: str) -> None:
        self.__wrapped__ = original
        self._hook = hook
        self._told = observers()

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        observer = self._told.get(self._hook)
        if instance is not None and observer is not None:
            try:
                observer(instance)
            except Exception as error:
                count_failure(f"hook {self._hook}", type(error))
        return self.__wrapped__.__get__(instance, owner)


_WRAPPERS: Mapping[When, Callable[[Callable[..., Any], str], Any]] = {
    When.CALLED: _tell_called,
    When.LOOKED_UP: _LookedUp,
    When.ANSWERED: _tell_answered,
    When.DONE: _tell_done,
}
