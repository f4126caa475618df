"""Fork twenty times while a thread logs; each child logs and ends."""

from __future__ import annotations

import itertools
import os
import sys
import threading

import datatools_audit

CHILDREN, EVENTS = 20, 50


def keep_logging() -> None:
    for n in itertools.count():
        datatools_audit.log_event("test", "parent", n=n)
        if over.is_set():
            return
        if n % 1000 == 999:
            datatools_audit.flush_audit_log(30)


if __name__ == "__main__":
    over = threading.Event()
    busy = threading.Thread(target=keep_logging)
    busy.start()
    pids = []
    for number in range(CHILDREN):
        if not (pid := os.fork()):
            for _ in range(EVENTS):
                datatools_audit.log_event("test", f"child {number}")
            if number % 2:
                sys.exit(0)
            os._exit(0 if datatools_audit.flush_audit_log(30) else 5)
        pids.append(pid)
    statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    over.set()
    busy.join()
    assert [0] * CHILDREN == statuses, statuses
    assert datatools_audit.flush_audit_log(30)
    sys.stdout.write(f"{datatools_audit.audit_stats().queued}\n")
