"""Log one event in a folder that a dead process logged to, and flush."""

from __future__ import annotations

import datatools_audit

if __name__ == "__main__":
    datatools_audit.log_event("test", "survivor")
    assert datatools_audit.flush_audit_log(60)
