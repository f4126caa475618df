"""Log very many events of all kinds while the days go by, and tell what it cost in memory.

``soak.py events events_a_day``: the clock moves with the events, one day after another.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
import tracemalloc
from itertools import pairwise
from pathlib import Path

EVENTS, A_DAY = int(sys.argv[1]), int(sys.argv[2])
SAMPLES = 20
DAY_NS = 86_400_000_000_000
started_ns = time.time_ns()
done = 0
time.time_ns = lambda: started_ns + done * DAY_NS // A_DAY

import datatools_audit  # noqa: E402 -- it takes the clock when it is imported

MOST_WAITING = 1_000


def resident() -> int:
    """Return the bytes of memory that the process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def log(count: int) -> None:
    """Log events, most of them plain, and wait while much is queued: a deep queue is no leak."""
    global done
    for _ in range(count):
        done += 1
        match done % 50:
            case 0:
                datatools_audit.log_event("test", "slow", n=done, values=[done, {"a": (1, 2)}])
            case 1:
                datatools_audit.log_page_open(f"page{done}")
            case 2:
                try:
                    raise ValueError(done)
                except ValueError as error:
                    datatools_audit.log_exception("soak", error)
            case _:
                datatools_audit.log_event("test", "m", n=done, rows=1200, name="customers.csv")
        if done % 200 == 0:
            while datatools_audit.audit_stats().queue_depth > MOST_WAITING:
                time.sleep(0.001)


def measure() -> dict[str, int]:
    """Return what the process has once everything is written and collected."""
    assert datatools_audit.flush_audit_log(60)
    gc.collect()
    return {"resident": resident(), "objects": len(gc.get_objects())}


def traced() -> int:
    """Return the bytes that are traced: the least of some looks, for a batch is let go of late."""
    found = []
    for _ in range(20):
        measure()
        found.append(tracemalloc.get_traced_memory()[0])
        time.sleep(0.005)
    return min(found)


if __name__ == "__main__":
    log(EVENTS // 5)  # the warm-up
    samples = [measure()]
    for _ in range(SAMPLES):
        log(EVENTS * 4 // 5 // SAMPLES)
        samples.append(measure())
    tracemalloc.start()
    log(2_000)
    marks = [traced()]
    for _ in range(3):
        log(10_000)
        marks.append(traced())
    told = {
        "samples": samples,
        "traced": [after - before for before, after in pairwise(marks)],
        "done": done,
        "written": datatools_audit.audit_stats().written,
        "dropped": datatools_audit.audit_stats().dropped,
        "failures": dict(datatools_audit.audit_stats().internal_failures),
        "days": done // A_DAY,
    }
    sys.stdout.write(json.dumps(told))
