"""The standard library's queue handlers with python-json-logger, with json and with orjson.

As the logging cookbook, "Dealing with handlers that block", has it.
"""

from __future__ import annotations

import logging
import logging.handlers
import queue
from dataclasses import replace
from typing import TYPE_CHECKING

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = ["levelname", "message"]


def start(folder: Path, formatter: logging.Formatter) -> Started:
    """Start a listener that writes with that formatter."""
    events: queue.Queue[logging.LogRecord] = queue.Queue(-1)
    log = logging.getLogger("field")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(logging.handlers.QueueHandler(events))
    # With `delay` the listener opens the file, and not the app.
    file = logging.FileHandler(folder / "standard.jsonl", encoding="utf-8", delay=True)
    file.setFormatter(formatter)
    listener = logging.handlers.QueueListener(events, file)
    listener.start()
    return Started({"log": log}, drain=events.join, close=listener.stop)


def start_json(folder: Path) -> Started:
    """Start with the formatter that leans on json."""
    from pythonjsonlogger.json import JsonFormatter

    return start(folder, JsonFormatter(FIELDS, timestamp=True))


def start_orjson(folder: Path) -> Started:
    """Start with the formatter that leans on orjson."""
    from pythonjsonlogger.orjson import OrjsonFormatter

    return start(folder, OrjsonFormatter(FIELDS, timestamp=True))


JSON = Contestant(
    "stdlib",
    "stdlib QueueHandler + python-json-logger",
    "library",
    'log.info(MESSAGE, extra={"category": "upload", "file": FILE, "bytes": n, "ratio": 0.5})',
    start_json,
    needs=("pythonjsonlogger",),
    imports="import logging.handlers, pythonjsonlogger.json",
)
ORJSON = replace(
    JSON,
    name="stdlib-orjson",
    title="the same, orjson",
    start=start_orjson,
    imports="import logging.handlers, pythonjsonlogger.orjson",
)
