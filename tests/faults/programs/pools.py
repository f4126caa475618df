"""Log once, then use pools whose children log nothing; each pool must come to its end."""

from __future__ import annotations

import multiprocessing
import signal

import datatools_audit

POOLS = 50


def work(_: object) -> bool:
    return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


if __name__ == "__main__":
    datatools_audit.log_event("test", "parent")
    assert datatools_audit.flush_audit_log(30)
    context = multiprocessing.get_context("fork")
    for _ in range(POOLS):
        with context.Pool(3) as pool:
            assert [True] * 3 == pool.map(work, range(3), chunksize=1)
