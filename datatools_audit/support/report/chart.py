"""Where the bars of the timeline stand: counts by time → rectangles, with their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.reading.wording import count, duration
from datatools_audit.support.report.histogram import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datatools_audit.support.report.histogram import Histogram, Levels
    from datatools_audit.support.report.zone import Zone

WIDTH, HEIGHT = 1_000, 120
MOST_BARS = 120
_LEAST_SEGMENT = 3.0
_BAD = LEVELS.index("error")
_WARNING = LEVELS.index("warning")


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of the time.

    Attributes:
        x: Where it begins, of ``WIDTH``.
        width: How wide it is.
        segments: From below: the level, where it begins from above, how high it is.
        title: Its words.
    """

    x: float
    width: float
    segments: tuple[tuple[str, float, float], ...]
    title: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The timeline.

    Attributes:
        bars: They.
        ticks: Moments that stand below it at equal distances, milliseconds since the epoch.
        each: How long one bar is, in words.
        most: How many events the highest bar has.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[int, ...]
    each: str
    most: int


def chart(histogram: Histogram, zone: Zone) -> Chart:
    """Return the timeline of all records; without bars where none has a time."""
    each, parts = histogram.parts(MOST_BARS, zone.offset_seconds)
    if not parts:
        return Chart((), (), "", 0)
    first, last = parts[0][0], parts[-1][0] + each
    width = WIDTH * each / (last - first)
    most = max(sum(levels) for _, levels in parts)
    bars = tuple(
        Bar(
            round((moment - first) / each * width, 2),
            round(width * 0.88, 2),
            _segments(levels, most),
            f"{zone.moment(moment * 1000)}: {_said(levels)}",
        )
        for moment, levels in parts
    )
    ticks = tuple((first + (last - first) * n // 4) * 1000 for n in range(5))
    return Chart(bars, ticks, duration(each * 1000), most)


def _segments(levels: Levels, most: int) -> tuple[tuple[str, float, float], ...]:
    """Return the levels from below; none is too small to be seen, and none sticks out."""
    heights = [max(_LEAST_SEGMENT, n * HEIGHT / most) if n else 0.0 for n in levels]
    over = sum(heights) - HEIGHT
    if over > 0:
        heights[heights.index(max(heights))] -= over
    found, top = [], float(HEIGHT)
    for level, height in zip(LEVELS, heights, strict=True):
        if height:
            top -= height
            found.append((level, round(top, 2), round(height, 2)))
    return tuple(found)


def _said(levels: Sequence[int]) -> str:
    said = [count(sum(levels), "event")]
    for number, noun in ((sum(levels[_BAD:]), "error"), (levels[_WARNING], "warning")):
        if number:
            said.append(count(number, noun))
    return ", ".join(said)
