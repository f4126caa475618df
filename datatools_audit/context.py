"""Who a record belongs to: the session, and the page that it is on."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    SessionProvider = Callable[[], "Session | None"]


def new_id() -> str:
    """Return 8 random hex digits, fresh in every process, forked ones included."""
    return os.urandom(4).hex()


@dataclass(slots=True, eq=False)
class Session:
    """One browser session, or the process itself where there is no browser.

    Attributes:
        id: 8 hex digits, random and our own.
        page: The slug of the page that the session is on, put into each of its records;
            None where no page is known.
        place: Where the provider saw the session when the page was set; any value.
        memory: What is remembered of the session, by name; shared with the copies that its
            runs have of it.
        muted: Whether nothing of it is recorded.
        starts: Counts calls of ``log_session_start``; only the first writes the banner.

    Threads: any. Two runs of one session may overlap.
    """

    id: str = field(default_factory=new_id)
    page: str | None = None
    place: object = None
    muted: bool = False
    starts: Iterator[int] = field(default_factory=itertools.count, repr=False)
    memory: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def opened(self) -> str | None:
        """The slug that ``log_page_open`` told last."""
        opened: str | None = self.memory.get("opened")
        return opened

    @opened.setter
    def opened(self, slug: str | None) -> None:
        self.memory["opened"] = slug
