"""Log while the process may not have any more memory, then while it may again.

``starved.py caller rounds smallest``: the callers have none left in pieces of that size;
``starved.py worker``: what is queued is written, or not, while there is none.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import datatools_audit
from datatools_audit.writer import worker

EVENTS = 300
PIECES = (1 << 20, 1 << 16, 1 << 13, 1 << 11, 900)
NONE = resource.RLIM_INFINITY


def fill(ballast: list[bytes], smallest: int) -> None:
    """Take memory in ever smaller pieces until there is none."""
    for size in PIECES:
        with contextlib.suppress(MemoryError):
            while size >= smallest:
                ballast.append(bytes(size))


def limit_memory() -> None:
    """Let the process have 24 MiB more than it has."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + (24 << 20), NONE))


def is_starved() -> bool:
    """Tell whether a large piece cannot be had."""
    try:
        bytes(1 << 18)
    except MemoryError:
        return True
    return False


def is_ours(error: BaseException) -> bool:
    """Tell whether it was raised within the package, not by the call itself."""
    frames = traceback.extract_tb(error.__traceback__)
    return any("datatools_audit" in Path(frame.filename).parts for frame in frames)


def starve_callers(rounds: int, smallest: int) -> dict[str, object]:
    limit_memory()
    for _ in range(2):  # the worker looks for a limit behind each batch
        datatools_audit.log_event("test", "limited")
        datatools_audit.flush_audit_log(30)
    starved, ours, callers = 0, "", 0
    text = "ü" * 6_000
    for _ in range(rounds):
        ballast: list[bytes] = []
        fill(ballast, smallest)
        starved += is_starved()
        for n in range(EVENTS):
            try:
                datatools_audit.log_event("test", "during", n=n, text=text, odd=(n, {n}))
            except MemoryError as error:
                if not is_ours(error):
                    callers += 1
                    continue
                ballast.clear()
                ours = "".join(traceback.format_exception(error))
        ballast.clear()
        datatools_audit.flush_audit_log(0.5)
    return {"starved": starved, "ours": ours, "caller's": callers}


def starve_worker() -> dict[str, object]:
    real, log_path, gate = os.open, str(datatools_audit.audit_log_path()), threading.Event()

    def held_open(path: object, *args: Any, **kwargs: Any) -> int:
        if str(path) == log_path:
            gate.wait()
        return real(path, *args, **kwargs)  # type: ignore[arg-type]

    os.open = held_open
    worker.FIRST_PAUSE_SECONDS = worker.LONGEST_PAUSE_SECONDS = 0.001
    for n in range(4_000):
        datatools_audit.log_event("test", "during", n=n, text="x" * 200)
    limit_memory()
    ballast: list[bytes] = []
    fill(ballast, 1 << 16)
    starved = is_starved()
    gate.set()
    deadline = time.monotonic() + 30
    while not datatools_audit.audit_stats().failed_writes and time.monotonic() < deadline:
        time.sleep(0.001)
    ballast.clear()
    return {"starved": starved}


if __name__ == "__main__":
    for n in range(100):
        datatools_audit.log_event("test", "before", n=n)
    assert datatools_audit.flush_audit_log(30)
    if sys.argv[1] == "caller":
        told = starve_callers(int(sys.argv[2]), int(sys.argv[3]))
    else:
        told = starve_worker()
    resource.setrlimit(resource.RLIMIT_AS, (NONE, NONE))
    for n in range(100):
        datatools_audit.log_event("test", "after", n=n)
    assert datatools_audit.flush_audit_log(30)
    stats = datatools_audit.audit_stats()
    told |= {
        "dropped": dict(stats.dropped_reasons),
        "failed_writes": stats.failed_writes,
        "last_error": stats.last_error,
    }
    sys.stdout.write(json.dumps(told))
