"""Fork before anything was logged; the child says what it imports while it logs all kinds."""

from __future__ import annotations

import logging
import os
import sys

import datatools_audit


def log_all_kinds() -> None:
    datatools_audit.log_event("test", "odd \udc80", odd=[object(), b"x", float("nan")], n=1 << 80)
    with datatools_audit.audit_action("work", rows=3):
        logging.getLogger("app").error("token=%s", "hunter2")
    try:
        {}["password=hunter2"]
    except KeyError as error:
        datatools_audit.log_exception("Reading", error)
    assert datatools_audit.flush_audit_log(30)
    assert datatools_audit.audit_stats().written
    assert datatools_audit.audit_log_path()


if __name__ == "__main__":
    logging.getLogger().addHandler(datatools_audit.AuditHandler())
    if not (pid := os.fork()):
        imported: list[str] = []
        sys.addaudithook(
            lambda event, args: imported.append(args[0]) if event == "import" else None
        )
        log_all_kinds()
        sys.stdout.write(f"{imported}\n")
        sys.stdout.flush()
        os._exit(0)
    assert 0 == os.waitpid(pid, 0)[1]
