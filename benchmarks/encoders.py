"""Which encoder: orjson against msgspec and the standard library, side by side.

Run it with `python benchmarks/encoders.py`, with msgspec installed beside orjson.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import timeit
from typing import TYPE_CHECKING

import msgspec
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 9
CALLS = 50_000
RECORD = {
    "ts": "2026-05-19T21:22:47.123+00:00",
    "level": "info",
    "category": "upload",
    "session": "a1b2c3d4",
    "message": "Uploaded customers.csv",
    "proc": "9f3e12ab",
    "seq": 17,
    "page": "upload",
    "filename": "customers.csv",
    "bytes": 24813,
}


def main() -> None:
    """Print nanoseconds for one line with its newline, medians of rounds in turn."""
    encoder = msgspec.json.Encoder()
    ways: dict[str, Callable[[], bytes]] = {
        "orjson": lambda: orjson.dumps(RECORD, None, orjson.OPT_APPEND_NEWLINE),
        "msgspec": lambda: encoder.encode(RECORD) + b"\n",
        "json": lambda: json.dumps(RECORD, separators=(",", ":")).encode() + b"\n",
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(timeit.timeit(way, number=CALLS) / CALLS * 1e9)
    imports = {name: import_ms(name) for name in ways}
    for name, found in times.items():
        print(f"{name:8} {statistics.median(found):6.0f} ns/line  import {imports[name]:5.1f} ms")


def import_ms(module: str) -> float:
    """Return the median time that importing takes in a fresh interpreter, milliseconds."""
    found = []
    for _ in range(5):
        command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        found.append(int(told.strip().splitlines()[-1].split("|")[1]) / 1000)
    return statistics.median(found)


if __name__ == "__main__":
    main()
