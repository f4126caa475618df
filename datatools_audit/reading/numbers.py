"""The numbers of a process's records: which are there, which are missing, which are doubled."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

Span = tuple[int, int]


class Numbers:
    """A set of numbers, kept as ranges: those of a log come nearly in order.

    Attributes:
        count: How many were added.
        doubled: How many were there already.

    Threads: one at a time.
    """

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self.count = 0
        self.doubled = 0

    def add(self, number: int) -> None:
        """Add one."""
        self.count += 1
        firsts, lasts = self._firsts, self._lasts
        if lasts and number == lasts[-1] + 1:  # nearly always
            lasts[-1] = number
            return
        at = bisect_right(firsts, number)
        if at and number <= lasts[at - 1]:
            self.doubled += 1
            return
        joins_left = at > 0 and lasts[at - 1] == number - 1
        joins_right = at < len(firsts) and firsts[at] == number + 1
        if joins_left and joins_right:
            lasts[at - 1] = lasts[at]
            del firsts[at], lasts[at]
        elif joins_left:
            lasts[at - 1] = number
        elif joins_right:
            firsts[at] = number
        else:
            firsts.insert(at, number)
            lasts.insert(at, number)

    @property
    def span(self) -> Span:
        """The lowest and the highest. Raises IndexError where there is none."""
        return self._firsts[0], self._lasts[-1]

    def spans(self) -> list[Span]:
        """Return the ranges that are there."""
        return list(zip(self._firsts, self._lasts, strict=True))

    def gaps(self) -> list[Span]:
        """Return the ranges between the lowest and the highest that are not there."""
        return [(last + 1, first - 1) for (_, last), (first, _) in pairwise(self.spans())]


def without(spans: list[Span], taken: list[Span]) -> list[Span]:
    """Return what is left of ranges when others are taken out.

    Args:
        spans: In order, none within another.
        taken: In any order.
    """
    left: list[Span] = []
    ways = sorted(taken)
    at = 0
    for first, last in spans:
        while at < len(ways) and ways[at][1] < first:
            at += 1
        start, next_way = first, at
        while next_way < len(ways) and ways[next_way][0] <= last and start <= last:
            begin, end = ways[next_way]
            if begin > start:
                left.append((start, begin - 1))
            start = max(start, end + 1)
            next_way += 1
        if start <= last:
            left.append((start, last))
    return left


def size(spans: list[Span]) -> int:
    """Return how many numbers are in the ranges."""
    return sum(last - first + 1 for first, last in spans)
