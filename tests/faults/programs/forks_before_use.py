"""Fork before anything was logged; then parent and children log."""

from __future__ import annotations

import os

import datatools_audit

if __name__ == "__main__":
    pids = []
    for _ in range(3):
        if not (pid := os.fork()):
            datatools_audit.log_event("test", "child")
            os._exit(0 if datatools_audit.flush_audit_log(30) else 5)
        pids.append(pid)
    assert [0] * 3 == [os.waitpid(pid, 0)[1] for pid in pids]
    datatools_audit.log_event("test", "parent")
