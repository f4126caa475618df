"""Calls without a pause until all of them are in the file, from one thread and from four."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.field.bench import Bench
    from benchmarks.field.loops import Loops

CHUNK_CALLS = 1_000


def measure(bench: Bench) -> dict[str, float]:
    """Return the numbers of ``run`` for one thread."""
    return run(bench, threads=1)


def measure_four_threads(bench: Bench) -> dict[str, float]:
    """Return the numbers of ``run`` for four threads."""
    return run(bench, threads=4)


def run(bench: Bench, *, threads: int) -> dict[str, float]:
    """Record from that many threads until all is written, and count what is in the file.

    Returns:
        ``rate``, events in the file per second from the first call until the contestant
        says that all is written; ``cpu``, processor time of the whole process per event,
        microseconds; ``made`` and ``lost``, events.
    """
    started, loops = bench.start_warm()
    before = bench.lines()
    share = bench.sizes.events // threads
    is_library = bench.contestant.kind == "library"
    made: list[int] = []
    cpu, began = time.process_time(), time.perf_counter()
    until = began + (bench.sizes.library_seconds if is_library else float("inf"))
    if threads == 1:
        made.append(_call(loops, share, until))
    else:
        callers = [
            threading.Thread(target=lambda: made.append(_call(loops, share, until)))
            for _ in range(threads)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
    started.drain()
    seconds = time.perf_counter() - began
    cpu = time.process_time() - cpu
    found = bench.lines() - before
    started.close()
    return {
        "rate": found / seconds,
        "cpu": cpu / max(1, found) * 1e6,
        "made": sum(made),
        "lost": sum(made) - found,
    }


def _call(loops: Loops, count: int, until: float) -> int:
    made = 0
    while made < count and time.perf_counter() < until:
        chunk = min(CHUNK_CALLS, count - made)
        loops.plain(chunk)
        made += chunk
    return made
