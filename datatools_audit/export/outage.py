"""Tells when sending begins to fail, and when it is well again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.export.sender import Sent

QUIET_SECONDS = 300.0


class Outage:
    """Tells of a failure and of its end, and of the next one not before ``QUIET_SECONDS``.

    What is told is a record and sent with the others: where every other request fails, each
    would make the next one, for ever.

    Args:
        what: What is sent, in a word.
        tell: Takes a level and a sentence.
        clock: Returns seconds.

    Threads: one.
    """

    def __init__(
        self,
        what: str,
        tell: Callable[[str, str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._tell, self._clock = what, tell, clock
        self._began: float | None = None
        self._is_told = False
        self._quiet_until = float("-inf")

    def heed(self, sent: Sent) -> None:
        """Hear what became of a batch."""
        now = self._clock()
        if sent.error:
            self._began = now if self._began is None else self._began
            if not self._is_told and now >= self._quiet_until:
                self._is_told, self._quiet_until = True, now + QUIET_SECONDS
                refused = "are refused where they are exported to"
                failing = refused if sent.refused else "cannot be exported"
                self._tell("warning", f"{self._what} {failing}: {sent.error}")
        elif sent.taken and self._began is not None:
            seconds, self._began = now - self._began, None
            if self._is_told:
                self._is_told = False
                self._tell("info", f"{self._what} are exported again after {seconds:.1f} s")
