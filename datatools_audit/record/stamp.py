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

    The last text is kept, and that of its second: a busy caller asks many times within one
    millisecond, another one in each, and the text costs more than the clock.

    Attributes:
        clock: Gives the moment.
        last: The first nanosecond of the last text, the first one behind it, and the text.

    Threads: any; what is kept is replaced as a whole.
    """

    __slots__ = ("_second", "clock", "last")

    def __init__(self, clock: Clock = time.time_ns) -> None:
        self.clock: Callable[[], int] = clock
        self.last: tuple[int, int, str] = (0, 0, "")
        self._second: tuple[int, str] = (-1, "")

    def __call__(self) -> str:
        """Return the text of now."""
        now = self.clock()
        begin, end, text = self.last
        return text if begin <= now < end else self.at(now)

    def at(self, now: int) -> str:
        """Return the text of a moment and keep it."""
        millisecond = now // 1_000_000
        second = millisecond // 1000
        kept, head = self._second
        if kept != second:
            head = _second_text(second)
            self._second = (second, head)
        text = f"{head}.{millisecond % 1000:03}+00:00"
        begin = millisecond * 1_000_000
        self.last = (begin, begin + 1_000_000, text)
        return text


def stamp_text(millisecond: int) -> str:
    """Return the ``ts`` of a millisecond since the epoch."""
    second, rest = divmod(millisecond, 1000)
    return f"{_second_text(second)}.{rest:03}+00:00"


def _second_text(second: int) -> str:
    t = time.gmtime(second)
    return f"{t.tm_year:04}-{t.tm_mon:02}-{t.tm_mday:02}T{t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02}"
