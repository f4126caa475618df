"""structlog as its page on performance has it: orjson and a BytesLogger. It is synchronous."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path


def start(folder: Path) -> Started:
    """Start with the processors of that page."""
    import orjson
    import structlog

    file = (folder / "structlog.jsonl").open("ab")
    structlog.configure(
        cache_logger_on_first_use=True,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        logger_factory=structlog.BytesLoggerFactory(file),
    )
    return Started({"log": structlog.get_logger()}, drain=file.flush)


STRUCTLOG = Contestant(
    "structlog",
    "structlog, orjson, BytesLogger (synchronous)",
    "library",
    'log.info(MESSAGE, category="upload", file=FILE, bytes=n, ratio=0.5)',
    start,
    needs=("structlog",),
    imports="import structlog, orjson",
)
