"""eliot with its ThreadedWriter, which is a service of Twisted."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from benchmarks.field.contestant import Contestant, Started

if TYPE_CHECKING:
    from pathlib import Path


class Service:
    """The writer, started and stopped; nothing here runs a reactor to wait in."""

    def __init__(self, path: Path) -> None:
        from eliot import FileDestination
        from eliot.logwriter import ThreadedWriter
        from twisted.internet import reactor

        self._writer = ThreadedWriter(FileDestination(file=path.open("ab")), reactor)
        self.start()

    def start(self) -> None:
        """Start the writer and remember its thread."""
        before = set(threading.enumerate())
        self._writer.startService()
        (self._thread,) = set(threading.enumerate()) - before

    def stop(self) -> None:
        """Stop the writer and wait until all is written."""
        self._writer.stopService()
        self._thread.join()

    def drain(self) -> None:
        """Wait until all is written; it has no flush."""
        self.stop()
        self.start()


def start(folder: Path) -> Started:
    """Start the service."""
    from eliot import log_message

    service = Service(folder / "eliot.jsonl")
    return Started({"log_message": log_message}, drain=service.drain, close=service.stop)


ELIOT = Contestant(
    "eliot",
    "eliot, ThreadedWriter",
    "library",
    'log_message(message_type="upload", message=MESSAGE, file=FILE, bytes=n, ratio=0.5)',
    start,
    needs=("eliot", "twisted"),
    imports="import eliot.logwriter",
)
