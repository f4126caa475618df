"""Log numbered events, acknowledge each in a shared counter, and wait to be killed.

``killed.py way counters``: the counters are a file of 8-byte numbers, one for each thread,
mapped here and read by whoever kills this process. A counter is set to a number when the
call that logged that number has returned.
"""

from __future__ import annotations

import ctypes
import faulthandler
import mmap
import multiprocessing
import os
import random
import signal
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any

import datatools_audit

THREADS = 4
MOST_WAITING = 10_000  # half of what the queue holds, so that nothing is dropped
counters: mmap.mmap


def log(thread: int, n: int) -> None:
    datatools_audit.log_event("test", "m", thread=thread, n=n)
    struct.pack_into("<Q", counters, 8 * thread, n)


def steadily(thread: int = 0, most: int = 1 << 60) -> None:
    """Log in small waves, and wait while much is queued."""
    chance = random.Random()
    for n in range(1, most + 1):
        log(thread, n)
        if n % 50 == 0:
            time.sleep(chance.uniform(0, 0.002))
            while datatools_audit.audit_stats().queue_depth > MOST_WAITING:
                time.sleep(0.001)
    wait()


def wait() -> None:
    while True:
        time.sleep(60)


def first() -> None:
    log(0, 1)
    wait()


def large() -> None:
    """Log records of some 20 KB, some of them longer than a page and all different."""
    for n in range(1, 200):
        fill = {f"fill{part}": chr(96 + n % 26) * 6_500 for part in range(3)}
        datatools_audit.log_event("test", "m", thread=0, n=n, **fill)
        struct.pack_into("<Q", counters, 0, n)
        time.sleep(0.001)
    wait()


def in_threads() -> None:
    for number in range(1, THREADS):
        threading.Thread(target=steadily, args=(number,), daemon=True).start()
    steadily()


def hang_disk(name: str) -> None:
    """Have the log's `open` or `write` hang for ever."""
    real, log_path = getattr(os, name), str(datatools_audit.audit_log_path())

    def hanging(target: Any, *args: Any, **kwargs: Any) -> Any:
        path = target if name == "open" else Path(f"/proc/self/fd/{target}").readlink()
        if str(path) == log_path:
            threading.Event().wait()
        return real(target, *args, **kwargs)

    setattr(os, name, hanging)


def hung(name: str) -> None:
    hang_disk(name)
    steadily(most=MOST_WAITING)


def overfull() -> None:
    """Log more than the queue holds onto a disk that hangs, so that the oldest go."""
    hang_disk("write")
    for n in range(1, 30_001):
        log(0, n)
    wait()


def forked() -> None:
    """Have a child of a fork log, with a parent that has logged and lives on."""
    datatools_audit.log_event("test", "parent")
    assert datatools_audit.flush_audit_log(30)
    if os.fork() == 0:
        sys.stdout.write(f"child {os.getpid()}\n")
        sys.stdout.flush()
        steadily()
    sys.stdin.readline()
    datatools_audit.log_event("test", "parent lives")
    assert datatools_audit.flush_audit_log(30)


def in_pool() -> None:
    """Have a pool's children log, then end them with `terminate`, which is SIGTERM."""
    datatools_audit.log_event("test", "parent")
    assert datatools_audit.flush_audit_log(30)
    pool = multiprocessing.get_context("fork").Pool(THREADS)
    pool.map_async(steadily, range(THREADS), chunksize=1)
    while not all(struct.unpack_from(f"<{THREADS}Q", counters)):
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.1))
    pool.terminate()
    pool.join()
    assert datatools_audit.flush_audit_log(30)


def wait_for_the_dump() -> None:
    """Wait until a crash would be written somewhere: the worker sees to that when it starts."""
    datatools_audit.log_event("test", "before")
    deadline = time.monotonic() + 2
    while not faulthandler.is_enabled() and time.monotonic() < deadline:
        time.sleep(0.001)


def crash() -> None:
    """Log 500 events onto a disk that hangs, then read address 0."""
    hang_disk("write")
    wait_for_the_dump()
    for n in range(1, 501):
        log(0, n)
    ctypes.string_at(0)


def wait_for_a_crash() -> None:
    wait_for_the_dump()
    steadily()


WAYS = {
    "steady": steadily,
    "first": first,
    "large": large,
    "threads": in_threads,
    "hung write": lambda: hung("write"),
    "hung open": lambda: hung("open"),
    "unwritable": lambda: steadily(most=MOST_WAITING),
    "overfull": overfull,
    "fork": forked,
    "pool": in_pool,
    "segv": crash,
    "segv sent": wait_for_a_crash,
}

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with Path(sys.argv[2]).open("r+b") as file:
        counters = mmap.mmap(file.fileno(), 0)
    WAYS[sys.argv[1]]()
