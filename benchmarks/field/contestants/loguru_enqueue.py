"""loguru with `enqueue` and `serialize`, which its documentation names for both purposes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path


def start(folder: Path) -> Started:
    """Start with one sink; the one to stderr is removed."""
    from loguru import logger

    logger.remove()
    logger.add(folder / "loguru.jsonl", enqueue=True, serialize=True, delay=True)
    return Started({"log": logger}, drain=logger.complete, close=logger.remove)


LOGURU = Contestant(
    "loguru",
    "loguru, enqueue + serialize",
    "library",
    'log.info(MESSAGE, category="upload", file=FILE, bytes=n, ratio=0.5)',
    start,
    needs=("loguru",),
    imports="import loguru",
)
