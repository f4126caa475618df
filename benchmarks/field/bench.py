"""What a measurement works with: one contestant, set up in a process of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.field.contestant import nothing
from benchmarks.field.event import MESSAGE
from benchmarks.field.loops import Loops

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.field.contestant import Contestant, Started
    from benchmarks.field.progress import Progress
    from benchmarks.field.sizes import Sizes

WARM_UP_CALLS = 500
REST_SECONDS = 0.05


@dataclass
class Bench:
    """One contestant in this process.

    Attributes:
        contestant: Who is measured.
        folder: Where it writes; empty at first.
        progress: Read by the harness when this process no longer answers.
        sizes: How much is measured.
        at_end: Called after the numbers are told.
    """

    contestant: Contestant
    folder: Path
    progress: Progress
    sizes: Sizes
    at_end: Callable[[], object] = nothing

    def start(self) -> tuple[Started, Loops]:
        """Set the contestant up, and return its loops too."""
        started = self.contestant.start(self.folder)
        self.progress.stage[0] = 1
        return started, Loops(self.contestant.statement, started.names)

    def start_warm(self) -> tuple[Started, Loops]:
        """Set it up, make some calls, and wait until they are written and all is quiet."""
        started, loops = self.start()
        loops.plain(WARM_UP_CALLS)
        loops.timed(WARM_UP_CALLS)
        started.drain()
        time.sleep(REST_SECONDS)
        return started, loops

    def lines(self) -> int:
        """Return how many events are in the files of the folder."""
        mark = MESSAGE.encode()
        found = 0
        for path in self.folder.glob("*.jsonl"):
            with path.open("rb") as file:
                found += sum(mark in line for line in file)
        return found
