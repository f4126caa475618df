"""Loops around a contestant's statement, compiled with it as `timeit` does."""

from __future__ import annotations

from time import perf_counter_ns
from typing import TYPE_CHECKING, Protocol, cast

from benchmarks.field.event import FILE, MESSAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOURCE = """
def plain(count):
    for n in range(count):
        {statement}

def timed(count):
    times = []
    note, clock = times.append, perf_counter_ns
    for n in range(count):
        began = clock()
        {statement}
        note(clock() - began)
    return times

def watched(count, calls):
    times = []
    note, clock = times.append, perf_counter_ns
    for n in range(count):
        began = clock()
        {statement}
        note(clock() - began)
        calls[0] = n + 1
    return times
"""


class Plain(Protocol):
    """Makes that many calls."""

    def __call__(self, count: int) -> None:
        """Run."""


class Timed(Protocol):
    """Makes that many calls and returns the nanoseconds of each, the timer included."""

    def __call__(self, count: int) -> list[int]:
        """Run."""


class Watched(Protocol):
    """The same, and counts in a memory that another process reads, outside of the time."""

    def __call__(self, count: int, calls: memoryview) -> list[int]:
        """Run."""


class Loops:
    """The three loops around a statement.

    Args:
        statement: Records the event once; may use ``n``, ``MESSAGE`` and ``FILE``.
        names: What else it uses.
    """

    def __init__(self, statement: str, names: Mapping[str, object]) -> None:
        scope = {**names, "MESSAGE": MESSAGE, "FILE": FILE, "perf_counter_ns": perf_counter_ns}
        exec(_SOURCE.format(statement=statement), scope)
        self.plain = cast("Plain", scope["plain"])
        self.timed = cast("Timed", scope["timed"])
        self.watched = cast("Watched", scope["watched"])
