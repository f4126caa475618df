"""Log by a clock that is some days ahead of the real one, and sweep."""

from __future__ import annotations

import sys
import time

AHEAD_NS = int(sys.argv[1]) * 86_400_000_000_000
real_ns = time.time_ns
time.time_ns = lambda: real_ns() + AHEAD_NS
time.time = lambda: time.time_ns() / 1e9

if __name__ == "__main__":
    import datatools_audit
    from datatools_audit.recorder import recorder

    assert abs(recorder.now() - real_ns() / 1e9 - AHEAD_NS / 1e9) < 60
    for _ in range(2):  # the sweep of the first batch is over when the second is written
        datatools_audit.log_event("test", "m")
        assert datatools_audit.flush_audit_log(30)
    sys.stdout.write(datatools_audit.audit_log_path().name)
