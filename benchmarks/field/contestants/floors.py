"""What no recorder can be faster than: an idle process, an append, an encoding and an append."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

import orjson

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path

GATHER_SECONDS = 0.1
BATCH_LINES = 1_200
LINE = (
    b'{"ts":"2026-05-19T21:22:47.123+00:00","level":"info","category":"upload",'
    b'"session":"a1b2c3d4","message":"Uploaded customers.csv","proc":"9f3e12ab","seq":17,'
    b'"file":"customers.csv","bytes":24813,"ratio":0.5}\n'
)


class Floor:
    """A deque, and a thread that joins what is in it and writes it with one call.

    The least that a queued log can do: no bound, no clock, no check, no lock of a file.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "floor.jsonl"
        self._lines: deque[bytes] = deque()
        self._bell = threading.Lock()
        self._bell.acquire()
        self._is_writing = False
        threading.Thread(target=self._work, daemon=True).start()
        append, dumps, newline = self._lines.append, orjson.dumps, orjson.OPT_APPEND_NEWLINE

        def log_event(category: str, message: str, *, level: str = "info", **extra: object) -> None:
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
            append(dumps(record, None, newline))

        self.log_event = log_event

    def drain(self) -> None:
        """Wait until all is written."""
        while self._lines or self._is_writing:
            if self._bell.locked():
                self._bell.release()
            time.sleep(0.0005)

    def _work(self) -> None:
        lines, flags = self._lines, os.O_WRONLY | os.O_APPEND | os.O_CREAT
        while True:
            if not lines:
                self._bell.acquire(timeout=GATHER_SECONDS)
                continue
            self._is_writing = True
            count = min(len(lines), BATCH_LINES)
            batch = b"".join(islice(iter(lines.popleft, None), count))
            handle = os.open(self._path, flags, 0o600)
            os.write(handle, batch)
            os.close(handle)
            self._is_writing = False


def start_append(_folder: Path) -> Started:
    """Start with a deque that nobody empties but the drain."""
    lines: deque[bytes] = deque()
    return Started({"append": lines.append, "LINE": LINE}, drain=lines.clear)


def start_encode(folder: Path) -> Started:
    """Start the thread that writes."""
    floor = Floor(folder)
    return Started({"log_event": floor.log_event}, drain=floor.drain)


IDLE = Contestant(
    "idle",
    "*an idle process*",
    "floor",
    "pass",
    lambda _folder: Started({}),
    measurements=("wake", "imports"),
)
APPEND = Contestant(
    "append",
    "*floor: `deque.append`*",
    "floor",
    "append(LINE)",
    start_append,
    measurements=("burst", "paced"),
)
ENCODE = Contestant(
    "encode",
    "*floor: orjson encode + append + one `write`*",
    "floor",
    'log_event("upload", MESSAGE, file=FILE, bytes=n, ratio=0.5)',
    start_encode,
    measurements=("burst", "paced", "sustained", "four", "open", "write", "wake"),
)
