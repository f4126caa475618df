"""What an import costs: interpreters with it and without, in turn."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.field.bench import Bench

LIMIT_SECONDS = 20
# What has been opened for writing (flags that are not only "read") or started.
WATCH = """
import os, sys
done = []
def hear(event, args):
    if event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR):
        done.append("file")
    elif event == "_thread.start_new_thread":
        done.append("thread")
sys.dont_write_bytecode = True
sys.addaudithook(hear)
{statement}
print(done.count("file"), done.count("thread"))
"""


def measure(bench: Bench) -> dict[str, float]:
    """Return ``ms`` over bare Python, and the ``files`` and ``threads`` that it began."""
    statement = bench.contestant.imports
    _seconds(statement)  # the first one reads the files from the disk
    with_it, without = [], []
    for _ in range(bench.sizes.imports):
        without.append(_seconds("pass"))
        with_it.append(_seconds(statement))
    watch = [sys.executable, "-c", WATCH.format(statement=statement)]
    done = subprocess.run(
        watch, capture_output=True, text=True, check=True, timeout=LIMIT_SECONDS
    ).stdout.split()
    return {
        "ms": (statistics.median(with_it) - statistics.median(without)) * 1e3,
        "files": int(done[-2]),
        "threads": int(done[-1]),
    }


def _seconds(statement: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-c", statement]
    subprocess.run(command, check=True, capture_output=True, timeout=LIMIT_SECONDS)
    return time.perf_counter() - began
