"""Swallow and count the failures of our own bookkeeping."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from datatools_audit._process import shared

if TYPE_CHECKING:
    from types import TracebackType

own_name = type.__dict__["__name__"].__get__
"""The slot itself: a metaclass may have defined a property of that name."""


class guard:  # noqa: N801 -- reads as a statement: `with guard("widget"):`
    """Keep an exception of ours away from the app, and count it under a name.

    Only ``Exception`` is swallowed. What Streamlit raises to stop or rerun a script is a
    ``BaseException`` and travels on. Never put the app's own call inside.

    Threads: any.
    """

    def __init__(self, where: str) -> None:
        self._where = where

    def __enter__(self) -> None:
        """Begin guarded work."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        """Swallow an ``Exception``; let everything else pass."""
        if exc_type is None or not issubclass(exc_type, Exception):
            return False
        count_failure(self._where, exc_type)
        return True


def count_failure(where: str, kind: type[BaseException]) -> None:
    """Count one failure of ours, named by the place and the exception's type."""
    failures()[f"{where}: {own_name(kind)}"] += 1


def failures() -> Counter[str]:
    """Return the process's count of our own failures, by place and type."""
    return shared("failures", Counter)
