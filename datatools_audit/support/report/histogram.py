"""How many records of each level there are in each part of the time; memory is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.record.levels import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

Levels = list[int]
"""A count for each of ``LEVELS``."""

WIDTHS = (
    *(1, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800),
    *(6_048_000, 60_480_000, 604_800_000, 6_048_000_000, 60_480_000_000, 604_800_000_000),
)
"""How long a part may be, seconds; each is a multiple of the one before."""
MOST_PARTS = 40_000


class Histogram:
    """Counts by time, ever coarser when there are too many parts.

    Up to a year of records the parts are 15 minutes at most, so that the days of any time zone
    are made of whole ones. Threads: one at a time.
    """

    def __init__(self) -> None:
        self._parts: dict[int, Levels] = {}
        self._width = 0

    def add(self, moment_seconds: float, level: int) -> None:
        """Count one record.

        Args:
            moment_seconds: Since the epoch.
            level: Its place in ``LEVELS``.
        """
        key = int(moment_seconds // WIDTHS[self._width])
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = [0] * len(LEVELS)
            if len(self._parts) > MOST_PARTS and self._width < len(WIDTHS) - 1:
                self._fold()
                self.add(moment_seconds, level)
                return
        part[level] += 1

    def _fold(self) -> None:
        times = WIDTHS[self._width + 1] // WIDTHS[self._width]
        self._parts = _joined(self._parts, times)
        self._width += 1

    def parts(self, most: int, offset_seconds: int = 0) -> tuple[int, list[tuple[int, Levels]]]:
        """Return the width of the parts and each with its counts, in their order.

        Args:
            most: So many at most would fill the time from the first to the last record.
            offset_seconds: Of the time zone; it says where an hour and a day begin.

        Returns:
            Seconds; for each part that is not empty when it begins, seconds since the epoch.
        """
        at = next((n for n in range(self._width, len(WIDTHS)) if self._fits(n, most)), -1)
        width = WIDTHS[at]
        return width, list(self._by(width, offset_seconds))

    def days(self, offset_seconds: int) -> list[tuple[int, Levels]]:
        """Return the days in a time zone that has this offset, likewise."""
        return list(self._by(86_400, offset_seconds))

    def _fits(self, at: int, most: int) -> bool:
        width = WIDTHS[self._width]
        span = (max(self._parts) - min(self._parts) + 1) * width if self._parts else 0
        return span <= (most - 1) * WIDTHS[at]

    def _by(self, width: int, offset: int) -> Iterator[tuple[int, Levels]]:
        own = WIDTHS[self._width]
        found: dict[int, Levels] = {}
        for key, levels in self._parts.items():
            part = found.setdefault((key * own + offset) // width, [0] * len(levels))
            for level, count in enumerate(levels):
                part[level] += count
        for key in sorted(found):
            yield key * width - offset, found[key]


def _joined(parts: dict[int, Levels], times: int) -> dict[int, Levels]:
    found: dict[int, Levels] = {}
    for key, levels in parts.items():
        part = found.setdefault(key // times, [0] * len(levels))
        for level, count in enumerate(levels):
            part[level] += count
    return found
