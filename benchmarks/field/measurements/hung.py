"""Calls while the disk hangs: how long, how much memory, and whether the process ends."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from benchmarks.field.disk import HungDisk
from benchmarks.field.sample import percentiles

if TYPE_CHECKING:
    from benchmarks.field.bench import Bench

LONG_NS = 1_000_000
FILL, MORE = 2, 3
HANG_SECONDS = 3.0


def measure_open(bench: Bench) -> dict[str, float]:
    """Return the numbers of ``run`` with `open` hung."""
    return run(bench, "open")


def measure_write(bench: Bench) -> dict[str, float]:
    """Return the numbers of ``run`` with `write` hung."""
    return run(bench, "write")


def run(bench: Bench, call: Literal["open", "write"]) -> dict[str, float]:
    """Call while that call of the disk hangs.

    Returns:
        Percentiles of the first calls, nanoseconds; ``long``, those over a millisecond;
        ``mb``, the memory that these and twice as many have added, enough to fill what has
        a bound; ``more_mb``, what three times as many have added after that; ``blocked``,
        calls of the disk that hung. A caller that blocks never returns, and the harness
        then reads how far it came.
    """
    HungDisk(bench.folder, call, bench.progress.blocked).hang()
    started, loops = bench.start()
    count = bench.sizes.hung_calls
    loops.watched(1, bench.progress.calls)
    _await_hang(bench)
    at_first = _memory_mb()
    times = loops.watched(count, bench.progress.calls)
    loops.plain(count * FILL)
    full = _memory_mb()
    loops.plain(count * MORE)
    numbers = {
        **percentiles(times),
        "long": sum(each > LONG_NS for each in times),
        "mb": full - at_first,
        "more_mb": _memory_mb() - full,
        "blocked": bench.progress.blocked[0],
    }
    bench.at_end = started.close
    return numbers


def _await_hang(bench: Bench) -> None:
    """Wait until the disk hangs on the first event, so that the calls meet it hung."""
    until = time.monotonic() + HANG_SECONDS
    while not bench.progress.blocked[0] and time.monotonic() < until:
        time.sleep(0.001)


def _memory_mb() -> float:
    """Return the memory of this process, megabytes; where there is no /proc, the most so far."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)
