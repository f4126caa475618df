"""Where the page has its records from: the store, within a time, in the visitor's scope."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from datatools_audit import audit_log_dir, flush_audit_log
from datatools_audit._process import shared
from datatools_audit.reading.stores import store_of
from datatools_audit.recorder import recorder
from datatools_audit.writer.spool import local_day
from streamlit_ext.diagnostics.access import Access

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.context import Session
    from datatools_audit.reading.store import Store
    from datatools_audit.reading.view import View

T = TypeVar("T")

READ_SECONDS = 10.0
HAND_OVER_SECONDS = 60.0
_FLUSH_SECONDS = 1.0
_NO_ANSWER = (
    "The log's folder does not answer. If it lies on a network drive, check the connection; "
    "then reload the page."
)
_NO_PATIENCE_SECONDS = 0.05


class LogUnavailableError(Exception):
    """The log cannot be read now; the text says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Source:
    """The records that one visitor looks at.

    Attributes:
        access: What the visitor may see.
        days: The local dates looked at; none for all that are kept.
        user: The pseudonym under which the visitor has signed in; their earlier sessions are
            theirs too.
        every_app: Whether other apps that share the folder are looked at too.
    """

    access: Access
    days: tuple[str, ...]
    user: str | None = None
    every_app: bool = False

    def ask(self, work: Callable[[View], T], *, seconds: float = READ_SECONDS) -> T:
        """Return what that work finds in the visitor's view of the log.

        Raises:
            LogUnavailableError: See ``within``.
        """
        folder = audit_log_dir()

        def read() -> T:
            store = store_of(folder)
            store.refresh(self.days)
            return work(self._view(store))

        return within(seconds, read)

    def others(self) -> list[str]:
        """Return the names of other apps that write to the folder; nobody's but in a whole view.

        Raises:
            LogUnavailableError: See ``within``.
        """
        if not self.access.sees_all:
            return []
        folder = audit_log_dir()
        return within(READ_SECONDS, lambda: sorted(set(other_apps(store_of(folder)).values())))

    def _view(self, store: Store) -> View:
        if self.access.sees_all:
            return store.view(None, without_procs=() if self.every_app else other_apps(store))
        own = {self.access.own}
        if self.user is not None:
            own.update(store.view(None).sessions_of_user(self.user))
        return store.view(own)


def settle() -> bool:
    """Have what was logged a moment ago written; tell whether the disk has taken it.

    Once for each drawing: a disk that takes nothing is waited for a second, and then, for as
    long as it takes nothing, a moment only.
    """
    patience = shared("patience", dict[str, float])
    seconds = patience.get("seconds", _FLUSH_SECONDS)
    is_written = flush_audit_log(seconds)
    patience["seconds"] = _FLUSH_SECONDS if is_written else _NO_PATIENCE_SECONDS
    return is_written


def own_source(session: Session) -> Source:
    """Return what a session itself has of today."""
    return Source(Access(session.id), (local_day(recorder.now()),))


def other_apps(store: Store) -> dict[str, str]:
    """Return the processes of other apps that write to the folder, each with its app's name."""
    own = recorder.app[0]
    return {p: app for p, app in store.apps().items() if app != own and p != recorder.proc}


def kept_days() -> list[str]:
    """Return the local dates that there is a log of, the newest first.

    Raises:
        LogUnavailableError: See ``within``.
    """
    folder = audit_log_dir()
    return within(READ_SECONDS, lambda: store_of(folder).days())


def within(seconds: float, work: Callable[[], T]) -> T:
    """Do work that touches the disk on a thread of its own, and wait so long for it.

    The page then says that the folder does not answer, instead of hanging with it. While one
    thread waits for longer than it should, no other is sent after it.

    Raises:
        LogUnavailableError: Time was up, or the disk or the log refused.
    """
    overdue = shared("overdue readers", dict[str, threading.Thread])
    folder = str(audit_log_dir())
    if folder in overdue and overdue[folder].is_alive():
        raise LogUnavailableError(_NO_ANSWER)
    results: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="datatools-audit-reader", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise LogUnavailableError(f"The log cannot be read: {errors[0]}") from errors[0]
    if not results:
        overdue[folder] = thread
        raise LogUnavailableError(_NO_ANSWER)
    return results[0]
