"""A page function that records that it was opened, and what it raised."""

from __future__ import annotations

import functools
import inspect
import threading
import time
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from datatools_audit.api import is_recorded, log_page_open, mark_recorded, record_exception
from datatools_audit.guard import guard
from datatools_audit.recorder import recorder
from streamlit_ext._compat import is_reported_elsewhere
from streamlit_ext.codes import new_code
from streamlit_ext.session import current, set_page, use_sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.context import Session

_AUDITED = "_datatools_audit_page"
_VISIT = "visit"
_AUTHORS_NAMES = "author's names of pages"
_STREAMLITS_NAME = "Streamlit's name of the page"

_this_thread = threading.local()

P = ParamSpec("P")
R = TypeVar("R")


@overload
def audited_page(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def audited_page(
    *, slug: str | None = None, title: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def audited_page(
    function: Callable[P, R] | None = None,
    /,
    *,
    slug: str | None = None,
    title: str | None = None,
) -> Callable[P, R] | Callable[[Callable[P, R]], Callable[P, R]]:
    """Record each visit of a page, and each exception that leaves it.

    Use it bare, ``@audited_page``, or with arguments. A visit is one record, however often
    the script reruns; an exception is one, however many hear it, and travels on. What
    stops or reruns a script passes through. Within another audited page it is a part of that
    one's visit.

    Args:
        function: The page function. Its name stays, so ``st.Page`` infers the same URL.
        slug: The page's name in the records; the function's name when None.
        title: Recorded with the visit.

    Raises:
        TypeError: The function is a coroutine or generator function, which Streamlit would
            call and never run.
    """
    if function is None:
        return lambda page: _audited(page, slug, title)
    return _audited(function, slug, title)


def _audited(function: Callable[P, R], slug: str | None, title: str | None) -> Callable[P, R]:
    _refuse_what_never_draws(function)
    name = slug or getattr(function, "__name__", None) or title or type(function).__name__

    @functools.wraps(function)
    def page(*args: P.args, **kwargs: P.kwargs) -> R:
        is_part = getattr(_this_thread, "is_in_page", False)
        with guard("page open"):
            use_sessions()
            if not is_part:
                open_page(name, title)
        _this_thread.is_in_page = True
        try:
            return function(*args, **kwargs)
        except Exception as exc:
            with guard("page error"):
                record_once(f"In {name}", exc)
            raise
        finally:
            _this_thread.is_in_page = is_part

    setattr(page, _AUDITED, True)
    return page


def is_audited(function: object) -> bool:
    """Tell whether a page function records itself."""
    return getattr(function, _AUDITED, False) is True


def open_page(slug: str, title: str | None = None, *, by_streamlit: bool = False) -> None:
    """Record that the session is on that page now, if it was not before.

    Args:
        slug: Its name.
        title: Its title.
        by_streamlit: Whether Streamlit gave it that name. Where the author gives the same
            page another one behind that, the author's counts from then on.
    """
    session = current()  # notices that the run has left the last page
    extra: dict[str, object] = {"title": title} if title is not None else {}
    if session is not None:
        names: dict[str, str] = session.memory.setdefault(_AUTHORS_NAMES, {})
        if by_streamlit:
            session.memory[_STREAMLITS_NAME] = slug
            slug = names.get(slug, slug)
        else:
            names[session.memory.get(_STREAMLITS_NAME, slug)] = slug
        extra |= _left(session, slug)
    log_page_open(slug, **extra)
    set_page(slug)


def open_page_without_name(slug: str) -> None:
    """Record that the session is on that page, unless Streamlit or an author has named it."""
    session = current()
    is_named = session is not None and _STREAMLITS_NAME in session.memory
    if not is_named and not getattr(_this_thread, "is_in_page", False):
        open_page(slug)


def forget_streamlits_name() -> None:
    """The page that runs now names itself, and no other's name stands for it."""
    session = current()
    if session is not None:
        session.memory.pop(_STREAMLITS_NAME, None)


def _left(session: Session, slug: str) -> dict[str, object]:
    """Return which page is left for that one, and how long the session was on it."""
    now = time.monotonic()
    before, since = session.memory.get(_VISIT, (None, now))
    if before == slug:
        return {}
    session.memory[_VISIT] = slug, now
    if before is None:
        return {}
    return {"left": before, "dwell_ms": round((now - since) * 1000)}


def record_once(where: str, exc: Exception, session: Session | None = None) -> None:
    """Record an exception that nobody has recorded yet, with a support code. May raise."""
    session = session or current()
    is_mute = session is not None and session.muted
    if is_recorded(exc) or is_reported_elsewhere(exc) or is_mute:
        return
    if recorder.records("no-events"):
        code = new_code(session, exc)
        record_exception(where, exc, {"support_code": code}, session)
        mark_recorded(exc, code)


def _refuse_what_never_draws(function: object) -> None:
    if not callable(function):
        raise TypeError(f"audited_page takes a function, and its arguments by name: {function!r}")
    inner = function.func if isinstance(function, functools.partial) else function
    called: Any = vars(type(inner)).get("__call__")  # of an instance
    kinds = {
        "a coroutine function (async def)": inspect.iscoroutinefunction,
        "a generator function (it has a yield)": inspect.isgeneratorfunction,
        "an asynchronous generator function": inspect.isasyncgenfunction,
    }
    for kind, is_it in kinds.items():
        if is_it(inner) or is_it(called):
            name = getattr(inner, "__name__", type(inner).__name__)
            raise TypeError(f"{name} is {kind}; Streamlit would draw nothing of such a page")
