"""The text of a moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


_SECOND = 1_000_000_000
_MILLISECOND = 1_000_000
_REST = tuple(f".{millisecond:03}+00:00" for millisecond in range(1_000))


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
        self._second: tuple[int, str] = (-(1 << 80), "")  # no clock says that

    def __call__(self) -> str:
        """Return the text of now."""
        now = self.clock()
        begin, end, text = self.last
        return text if begin <= now < end else self.at(now)

    def at(self, now: int) -> str:
        """Return the text of a moment and keep it."""
        began, head = self._second
        elapsed = now - began
        if not 0 <= elapsed < _SECOND:
            second, elapsed = divmod(now, _SECOND)
            began, head = second * _SECOND, _second_text(second)
            self._second = (began, head)
        millisecond = elapsed // _MILLISECOND
        text = head + _REST[millisecond]
        begin = began + millisecond * _MILLISECOND
        self.last = (begin, begin + _MILLISECOND, text)
        return text


def _second_text(second: int) -> str:
    t = time.gmtime(second)
    return f"{t.tm_year:04}-{t.tm_mon:02}-{t.tm_mday:02}T{t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02}"
