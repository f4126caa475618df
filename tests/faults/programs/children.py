"""Have children of multiprocessing log without a flush."""

from __future__ import annotations

import multiprocessing
import sys

from held import hold_until_drained

import datatools_audit


def work(count: int) -> None:
    hold_until_drained()
    for n in range(count):
        datatools_audit.log_event("test", "m", n=n)


if __name__ == "__main__":
    method, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if first == "parent-first":
        datatools_audit.log_event("test", "parent")
        assert datatools_audit.flush_audit_log(30)
    context = multiprocessing.get_context("fork" if method == "pool" else method)
    if method == "pool":
        with context.Pool(3, maxtasksperchild=1) as pool:
            pool.map(work, [count] * 3, chunksize=1)
            pool.close()
            pool.join()
    else:
        children = [context.Process(target=work, args=(count,)) for _ in range(3)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        assert [0] * 3 == [child.exitcode for child in children]
