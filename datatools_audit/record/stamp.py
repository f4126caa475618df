"""The text of a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock(Protocol):
    """Nanoseconds since the epoch, as ``time.time_ns`` gives them."""

    def __call__(self) -> int:
        """Return the present moment."""


class Stamps:
    """Turns the clock's moment into the ``ts`` of a record.

    RFC 3339, UTC, milliseconds, offset ``+00:00``. Texts of equal length sort as time
    does, which the spool leans on.

    The last text is kept: a busy caller asks many times within one millisecond, and the
    text costs more than the clock (639 against 61 ns, measured on 3.11).

    Attributes:
        clock: Gives the moment.
        last: The first nanosecond of the last text, the first one behind it, and the text.

    Threads: any; what is kept is replaced as a whole.
    """

    __slots__ = ("clock", "last")

    def __init__(self, clock: Clock = time.time_ns) -> None:
        self.clock: Callable[[], int] = clock
        self.last: tuple[int, int, str] = (0, 0, "")

    def __call__(self) -> str:
        """Return the text of now."""
        now = self.clock()
        begin, end, text = self.last
        return text if begin <= now < end else self.at(now)

    def at(self, now: int) -> str:
        """Return the text of a moment and keep it."""
        millisecond = now // 1_000_000
        text = stamp_text(millisecond)
        begin = millisecond * 1_000_000
        self.last = (begin, begin + 1_000_000, text)
        return text


def stamp_text(millisecond: int) -> str:
    """Return the ``ts`` of a millisecond since the epoch."""
    second, rest = divmod(millisecond, 1000)
    t = time.gmtime(second)
    return (
        f"{t.tm_year:04}-{t.tm_mon:02}-{t.tm_mday:02}T"
        f"{t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02}.{rest:03}+00:00"
    )
