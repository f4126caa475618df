"""Log, or flush, while a signal handler that does the same interrupts all the time.

The moments are 50 µs apart, or random ones with a number of interruptions and a seed.
"""

from __future__ import annotations

import json
import random
import signal
import sys
import threading
from typing import TYPE_CHECKING

import datatools_audit
from datatools_audit import audit_stats
from datatools_audit.recorder import recorder
from datatools_audit.writer.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INTERRUPTIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000
chance = random.Random(sys.argv[3]) if len(sys.argv) > 3 else None
DEEP = 5_000
DEEPEST = 20  # handlers within handlers: far from where the stack ends
interruptions = depth = 0


def set_alarm() -> None:
    again_seconds = chance.uniform(1e-6, 3e-4) if chance else 5e-5
    signal.setitimer(signal.ITIMER_REAL, again_seconds)


def interrupt_with(act: Callable[[], object], until: Callable[[], object]) -> None:
    """Call one thing in a loop of the main thread and the other in the handler.

    The alarm is set again in the middle of the handler, so that some interrupt another; on a
    busy machine each would, and the loop sets it again where they are too deep.
    """

    def handler(*_: object) -> None:
        global interruptions, depth
        if interruptions == INTERRUPTIONS:
            return
        interruptions += 1
        depth += 1
        act()
        if interruptions < INTERRUPTIONS and depth < DEEPEST:
            set_alarm()
        log()
        depth -= 1

    signal.signal(signal.SIGALRM, handler)
    while interruptions < INTERRUPTIONS:
        if not any(signal.getitimer(signal.ITIMER_REAL)):
            set_alarm()
        if len(recorder.writer.queue) < DEEP:  # else a busy machine has it drop, and say so
            until()


def log() -> None:
    datatools_audit.log_event("test", "m")


def flush() -> None:
    datatools_audit.flush_audit_log(0.001)


def log_and_flush() -> None:
    log()
    flush()


def with_a_full_queue() -> None:
    """Hold the disk, so that each event beyond the first few pushes another out."""
    datatools_audit.configure(datatools_audit.AuditConfig(queue_events=50))
    gate, append = threading.Event(), Spool.append

    def held_append(spool: Spool, lines: Sequence[bytes]) -> int:
        gate.wait()
        return append(spool, lines)

    Spool.append = held_append  # type: ignore[method-assign]
    interrupt_with(log, log)
    gate.set()


WAYS: dict[str, Callable[[], None]] = {
    "log": lambda: interrupt_with(log, log),
    "flush": lambda: interrupt_with(log_and_flush, flush),
    "both": lambda: interrupt_with(log_and_flush, log_and_flush),
    "full": with_a_full_queue,
}

if __name__ == "__main__":
    WAYS[sys.argv[1]]()
    assert datatools_audit.flush_audit_log(30)
    queue = recorder.writer.queue
    told = {
        "interruptions": interruptions,
        "dropped": queue.dropped.get("full", 0),
        "failures": audit_stats().internal_failures,
        "in": queue.end,
        "out": queue.out,
        "written": audit_stats().written,
        "ring": str(queue.ring.path),
    }
    sys.stdout.write(json.dumps(told))
