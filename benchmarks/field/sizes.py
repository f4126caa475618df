"""How much is measured: the whole form, and a quick one that only shows that all works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Counts and times of one process.

    Attributes:
        bursts: Bursts of ``burst_calls`` each, fewer when ``burst_seconds`` are over.
        paced_calls: Calls at 2,000 a second.
        events: Sustained, from one thread or from four together. A library stops calling
            after ``library_seconds``, and its rate is that of what it was given: it comes
            to its rate long before, and most would take minutes for all.
        hung_calls: Timed, while the disk hangs; five times as many follow untimed, which
            tell a bounded memory from another.
        wakes: Sleeps of a millisecond.
        imports: Pairs of interpreters, with and without the import.
    """

    bursts: int = 20
    burst_calls: int = 2_000
    burst_seconds: float = 0.6
    paced_calls: int = 3_000
    events: int = 200_000
    library_seconds: float = 0.6
    hung_calls: int = 20_000
    wakes: int = 500
    wake_seconds: float = 0.9
    imports: int = 2


WHOLE = Sizes()
QUICK = Sizes(
    bursts=2,
    burst_calls=300,
    paced_calls=100,
    events=4_000,
    library_seconds=0.1,
    hung_calls=2_000,
    wakes=30,
    imports=1,
)
