"""Have children of multiprocessing log, and end by a return, an exception and an exit."""

from __future__ import annotations

import multiprocessing
import sys

import datatools_audit


def work(way: str, count: int) -> None:
    for n in range(count):
        datatools_audit.log_event("test", "m", n=n)
    if way == "exception":
        raise RuntimeError("unhandled in a child")
    if way == "exit":
        sys.exit(3)


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    ways = ("return", "exception", "exit")
    children = [context.Process(target=work, args=(way, int(sys.argv[2]))) for way in ways]
    for child in children:
        child.start()
    for child in children:
        child.join()
    sys.stdout.write(f"{[child.exitcode for child in children]}\n")
