"""Where the bars of the timeline stand: counts by time → rectangles, with their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatools_audit.reading.wording import count, duration
from datatools_audit.record.levels import LEVELS
from datatools_audit.support.report.histogram import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from datatools_audit.support.report.histogram import Histogram, Levels
    from datatools_audit.support.report.zone import Zone

WIDTH, HEIGHT = 1_000, 120
LEAST_BARS, MOST_BARS = 20, 120
MOST_TICKS = 8
_EDGE = 4  # percent
_STEPS = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800),
    *(3_600, 7_200, 10_800, 21_600, 43_200, *WIDTHS[WIDTHS.index(86_400) :]),
)
_DAY_SECONDS, _MINUTE_SECONDS = 86_400, 60
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
class Tick:
    """A moment below the timeline.

    Attributes:
        percent: Where, from the left.
        label: Its words: a clock time, or a date where a day begins.
    """

    percent: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The timeline.

    Attributes:
        bars: They.
        ticks: The moments that stand below it.
        each: How long one bar is, in words.
        most: How many events the highest bar has.
    """

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    each: str
    most: int


def chart(histogram: Histogram, zone: Zone) -> Chart:
    """Return the timeline of all records; without bars where none has a time.

    It has room for 20 bars at least, so that one event is not a wall.
    """
    each, parts = histogram.parts(MOST_BARS, zone.offset_seconds)
    if not parts:
        return Chart((), (), "", 0)
    first = parts[0][0]
    last = max(parts[-1][0], first + (LEAST_BARS - 1) * each) + each
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
    long = f"{each} s" if each < _MINUTE_SECONDS else duration(each * 1000)
    return Chart(bars, tuple(_ticks(first, last, zone)), long, most)


def _ticks(first: int, last: int, zone: Zone) -> Iterator[Tick]:
    """Yield moments at round distances, eight at most, none so near an end that it is cut off."""
    step = next((each for each in _STEPS if (last - first) / each <= MOST_TICKS), _STEPS[-1])
    offset = zone.offset_seconds
    moment = -((first + offset) // -step) * step - offset
    while moment < last:
        percent = round(100 * (moment - first) / (last - first), 2)
        if _EDGE <= percent <= 100 - _EDGE:
            is_day = (moment + offset) % _DAY_SECONDS == 0
            clock = zone.clock(moment * 1000)
            shown = clock[:5] if step >= _MINUTE_SECONDS else clock
            yield Tick(percent, zone.day(moment * 1000) if is_day else shown)
        moment += step


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
