"""A burst: calls one after the other, each timed, into an empty queue."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.field.bench import REST_SECONDS
from benchmarks.field.sample import percentiles

if TYPE_CHECKING:
    from benchmarks.field.bench import Bench


def measure(bench: Bench) -> dict[str, float]:
    """Return percentiles over all bursts, nanoseconds; between two all is written."""
    started, loops = bench.start_warm()
    times: list[int] = []
    until = time.monotonic() + bench.sizes.burst_seconds
    for _ in range(bench.sizes.bursts):
        times += loops.timed(bench.sizes.burst_calls)
        started.drain()
        time.sleep(REST_SECONDS / 5)
        if time.monotonic() > until:
            break
    started.close()
    return percentiles(times)
