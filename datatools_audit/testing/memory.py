"""A writer whose lines stay in memory: nobody to wait for, no thread, no file."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from datatools_audit.stderr import say
from datatools_audit.writer.queue import LineQueue
from datatools_audit.writer.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence


class MemoryWriter(Writer):
    """Keeps each line in the moment in which it is put.

    Threads: any; also signal handlers.
    """

    def __init__(self, lines: list[bytes]) -> None:
        super().__init__(_Nowhere(), _no_line)
        self._lines = lines
        self._queue = self.queue = _Passed(lambda: None, 1, 1)
        # Re-entrant: a signal handler may log while its thread does.
        self._counting = threading.RLock()
        self.put = self._keep

    def _keep(self, line: bytes) -> None:
        with self._counting:
            self._lines.append(line)
            self._queue.passed += 1
            self.worker.written += 1
            self.worker.written_bytes += len(line)

    def say(self, sentence: str) -> None:
        """Print a sentence to stderr."""
        say(sentence)

    def flush(self, timeout_seconds: float) -> bool:  # noqa: ARG002 -- there is nothing to wait for
        """Return True: every line is where it belongs."""
        return True

    def finish(self, timeout_seconds: float) -> bool:
        """Return True: every line is where it belongs."""
        return self.flush(timeout_seconds)

    @property
    def alive(self) -> bool:
        """Whether lines are taken: always."""
        return True


class _Passed(LineQueue):
    """A queue in which nothing waits; it counts what has gone past it."""

    passed = 0

    @property
    def lines_out(self) -> int:
        return self.passed


class _Nowhere:
    """A sink that nobody asks."""

    def append(self, lines: Sequence[bytes]) -> int:
        return len(lines)

    def close(self) -> None:
        """Nothing is left to close."""


def _no_line(level: str, message: str, **fields: object) -> bytes:
    raise NotImplementedError(f"a log in memory says nothing of itself: {level} {message} {fields}")
