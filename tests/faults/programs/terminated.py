"""Have a pool's children log without end, and terminate the pool amid that."""

from __future__ import annotations

import multiprocessing
import random
import time

import datatools_audit


def work(seen: multiprocessing.Event) -> None:  # type: ignore[valid-type]
    while True:
        for _ in range(20):
            datatools_audit.log_event("test", "child")
        if datatools_audit.audit_stats().written:
            begun.set()
        time.sleep(0.0005)


def take(event: multiprocessing.Event) -> None:  # type: ignore[valid-type]
    global begun
    begun = event


if __name__ == "__main__":
    datatools_audit.log_event("test", "parent")
    context = multiprocessing.get_context("fork")
    event = context.Event()
    pool = context.Pool(3, take, (event,))
    pool.map_async(work, range(3), chunksize=1)
    assert event.wait(30)
    time.sleep(random.uniform(0, 0.05))
    pool.terminate()
    pool.join()
    datatools_audit.log_event("test", "parent")
