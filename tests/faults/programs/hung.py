"""Log onto a disk that hangs for ever, then end."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import datatools_audit
from datatools_audit.recorder import recorder

if __name__ == "__main__":
    name = sys.argv[1]
    real = getattr(os, name)
    entered, never = threading.Event(), threading.Event()
    log = str(datatools_audit.audit_log_path())

    def hanging(target: Any, *args: Any, **kwargs: Any) -> Any:
        path = target if name == "open" else Path(f"/proc/self/fd/{target}").readlink()
        if str(path) == log:
            entered.set()
            never.wait()
        return real(target, *args, **kwargs)

    setattr(os, name, hanging)
    datatools_audit.log_event("test", "m")
    assert entered.wait(30)
    for _ in range(1_000):
        datatools_audit.log_event("test", "m")
    answer = datatools_audit.flush_audit_log(0.05)
    sys.stdout.write(f"{answer} {len(recorder.writer.queue)}\n")
    sys.stdout.flush()
    if sys.argv[2] == "sigterm":
        signal.raise_signal(signal.SIGTERM)
