"""Where the time of a call goes: the call with ever less of what it does.

Run it with `python -m benchmarks.steps`. Each row has the steps of the rows above it; the
floor is what nobody gets around. Blocks of calls in turn, the medians of all.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from typing import TYPE_CHECKING, cast

import orjson

from benchmarks.field.event import FILE, MESSAGE
from datatools_audit import flush_audit_log, log_event
from datatools_audit.recorder import recorder

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatools_audit.emit import Emit

CALLS = 100
ROUNDS = 300


def main(rounds: int = ROUNDS) -> None:
    """Print nanoseconds for one call, and what each step adds to the one before."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATATOOLS_AUDIT_DIR"] = folder
        log_event("test", "warm")
        flush_audit_log(30)
        found: dict[str, list[float]] = {name: [] for name in _WAYS}
        for _ in range(rounds):
            for name, way in _WAYS.items():
                found[name].append(way())
            flush_audit_log(30)
    before = 0.0
    for name, times in found.items():
        now = statistics.median(times)
        print(f"{now:6.0f} ns  {now - before:+6.0f}  {name}")
        before = 0.0 if name.startswith("floor") else now


def timed(call: Callable[..., object]) -> float:
    """Return the nanoseconds of one call, of a block of them."""
    began = time.perf_counter_ns()
    for n in range(CALLS):
        call("upload", MESSAGE, file=FILE, bytes=n, ratio=0.5)
    return (time.perf_counter_ns() - began) / CALLS


def nothing(
    _category: object = 0,
    _message: object = 0,
    /,
    *_args: object,
    level: str = "",
    **_extra: object,
) -> None:
    """Take what ``log_event`` takes."""


def floor(category: str, message: str, *, level: str = "info", **extra: object) -> None:
    """Build the record and encode it, without a clock, a check or a queue."""
    record = {
        "ts": "2026-05-19T21:22:47.123+00:00",
        "level": level,
        "category": category,
        "session": "a1b2c3d4",
        "message": message,
        "proc": "9f3e12ab",
        "seq": 17,
        **extra,
    }
    orjson.dumps(record, None, orjson.OPT_APPEND_NEWLINE)


def without_event() -> float:
    """Time ``log_event`` with nothing behind it."""
    event = recorder.event
    recorder.event = cast("Emit", lambda *_args: None)
    try:
        return timed(log_event)
    finally:
        recorder.event = event


def without_put() -> float:
    """Time ``log_event`` with a line that goes nowhere."""
    put = recorder.writer.put
    recorder.writer.put = lambda _line: None
    try:
        return timed(log_event)
    finally:
        recorder.writer.put = put


_WAYS: dict[str, Callable[[], float]] = {
    "floor: the record is built and encoded": lambda: timed(floor),
    "an empty function, called with three extras": lambda: timed(nothing),
    "log_event: whose call it is, what stands for it": without_event,
    "number, session, clock, checks, the record, its line": without_put,
    "the queue: room, the copy, its end; the worker beside": lambda: timed(log_event),
}

if __name__ == "__main__":
    main()
