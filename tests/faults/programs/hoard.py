"""Log onto a disk that hangs, and tell what memory the waiting events take."""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from pathlib import Path
from typing import Any

import datatools_audit


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    real, log_path, gate = os.open, str(datatools_audit.audit_log_path()), threading.Event()

    def held_open(path: object, *args: Any, **kwargs: Any) -> int:
        if str(path) == log_path:
            gate.wait()
        return real(path, *args, **kwargs)  # type: ignore[arg-type]

    datatools_audit.log_event("test", "m")
    assert datatools_audit.flush_audit_log(30)
    os.open = held_open
    before = resident()
    for n in range(int(sys.argv[1])):
        datatools_audit.log_event("test", "m", n=n, rows=1200, name="customers.csv")
    stats = datatools_audit.audit_stats()
    told = {"grown": resident() - before, "bytes": stats.queue_bytes, "depth": stats.queue_depth}
    sys.stdout.write(json.dumps(told))
    gate.set()
