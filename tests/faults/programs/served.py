"""Do what standard input says, a command a line, and answer each with a line of JSON."""

from __future__ import annotations

import json
import os
import sys

import datatools_audit
from datatools_audit.writer import worker

if __name__ == "__main__":
    worker.FIRST_PAUSE_SECONDS, worker.LONGEST_PAUSE_SECONDS = 0.001, 0.02
    logged = 0
    for words in map(str.split, sys.stdin):
        answer: object = None
        match words:
            case ["log", count]:
                for _ in range(int(count)):
                    logged += 1
                    datatools_audit.log_event("test", "m", n=logged)
                answer = logged
            case ["flush", seconds]:
                answer = datatools_audit.flush_audit_log(float(seconds))
            case ["stats"]:
                stats = datatools_audit.audit_stats()
                names = ("failed_writes", "queue_depth", "last_error", "dropped", "written")
                answer = {name: getattr(stats, name) for name in names}
            case ["become", uid]:
                os.setgroups([])
                os.setgid(int(uid))
                os.setuid(int(uid))
                answer = os.getuid()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
