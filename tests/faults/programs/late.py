"""Log in an exit handler that was registered before the recorder's own."""

from __future__ import annotations

import atexit

import datatools_audit

if __name__ == "__main__":
    atexit.register(datatools_audit.log_event, "test", "late")
    datatools_audit.log_event("test", "first")
