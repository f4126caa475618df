"""Log many events at a word, together with other processes, and end without a flush.

``crowd.py count size``: lines of some ``size`` bytes, in values of at most 6,500.
"""

from __future__ import annotations

import sys

import datatools_audit

if __name__ == "__main__":
    count, size = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    whole, rest = divmod(max(0, size - 200), 6_500)
    fill = {f"fill{part}": "x" * 6_500 for part in range(whole)} | {"rest": "y" * rest}
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for n in range(count):
        datatools_audit.log_event("test", "m", n=n, **fill)
