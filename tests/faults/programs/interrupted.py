"""Log, or flush, while a signal handler raises at random moments, as Ctrl-C does.

Tells which events were acknowledged: their calls returned.
"""

from __future__ import annotations

import json
import random
import signal
import sys
import threading

import datatools_audit
from datatools_audit.recorder import recorder
from datatools_audit.writer.worker import THREAD_NAME


class Stop(BaseException):
    """What the handler raises."""


def stop(*_: object) -> None:
    if armed:
        raise Stop


def work() -> None:
    global logged, answered
    while True:
        logged += 1
        datatools_audit.log_event("test", "m", n=logged, odd=(logged,) if logged % 3 else {1})
        acknowledged.append(logged)
        if way == "flush" and logged % 5 == 0:
            answered += datatools_audit.flush_audit_log(0.05)


if __name__ == "__main__":
    way, rounds, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    acknowledged: list[int] = []
    logged = answered = interruptions = 0
    armed = False
    signal.signal(signal.SIGALRM, stop)
    while interruptions < rounds:
        try:
            armed = True
            # Again later: Python drops what is raised within a weak reference's callback.
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-6, 4e-4), 0.05)
            work()
        except Stop:
            armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            interruptions += 1
        if interruptions % 100 == 0:
            assert datatools_audit.flush_audit_log(30)
    assert datatools_audit.flush_audit_log(30)
    stats = datatools_audit.audit_stats()
    told = {
        "interruptions": interruptions,
        "acknowledged": acknowledged,
        "answered": answered,
        "dropped": dict(stats.dropped_reasons),
        "waiting": [stats.queue_depth, stats.queue_bytes],
        "waiters": len(recorder.writer.worker.waiters),
        "workers": [thread.name for thread in threading.enumerate()].count(THREAD_NAME),
    }
    sys.stdout.write(json.dumps(told))
