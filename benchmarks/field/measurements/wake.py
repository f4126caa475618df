"""How late a caller that slept wakes up while its events are written.

A caller records some events and sleeps for a millisecond, over and over, so that the worker
has its share to write while the caller wants to come back. A worker that runs Python keeps
the GIL for a switch interval and longer. An idle process does the same with no events.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.field.sample import percentiles

if TYPE_CHECKING:
    from benchmarks.field.bench import Bench

SLEEP_SECONDS = 0.001
CALLS = 250


def measure(bench: Bench) -> dict[str, float]:
    """Return percentiles of the lateness, nanoseconds."""
    started, loops = bench.start_warm()
    late: list[int] = []
    until = time.monotonic() + bench.sizes.wake_seconds
    for _ in range(bench.sizes.wakes):
        loops.plain(CALLS)
        began = time.perf_counter_ns()
        time.sleep(SLEEP_SECONDS)
        late.append(time.perf_counter_ns() - began - int(SLEEP_SECONDS * 1e9))
        if time.monotonic() > until:
            break
    started.close()
    return percentiles(late)
