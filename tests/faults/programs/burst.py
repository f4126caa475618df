"""Log a burst from one thread as fast as it goes, then tell the counters."""

from __future__ import annotations

import sys

import datatools_audit

if __name__ == "__main__":
    for n in range(int(sys.argv[1])):
        datatools_audit.log_event("test", "m", n=n)
    assert datatools_audit.flush_audit_log(30)
    stats = datatools_audit.audit_stats()
    sys.stdout.write(f"{stats.queued} {stats.written} {stats.dropped}\n")
