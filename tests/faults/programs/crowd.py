"""Log many events at a word, together with other processes, and end without a flush."""

from __future__ import annotations

import sys

import datatools_audit

if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for n in range(int(sys.argv[1])):
        datatools_audit.log_event("test", "m", n=n)
