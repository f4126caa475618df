"""Calls at a pace: 2,000 a second, as from an app that does something in between."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.field.sample import percentiles

if TYPE_CHECKING:
    from benchmarks.field.bench import Bench

INTERVAL_SECONDS = 1 / 2_000


def measure(bench: Bench) -> dict[str, float]:
    """Return percentiles, nanoseconds."""
    started, loops = bench.start_warm()
    times: list[int] = []
    due = time.perf_counter()
    for _ in range(bench.sizes.paced_calls):
        due += INTERVAL_SECONDS
        left = due - time.perf_counter()
        if left > 0:
            time.sleep(left)
        times += loops.timed(1)
    started.close()
    return percentiles(times)
