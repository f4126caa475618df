"""A disk that waits until the recorder's last drain, so that all is queued by then."""

from __future__ import annotations

import os
import queue
from typing import TYPE_CHECKING

from datatools_audit.recorder import recorder
from datatools_audit.writer.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Sequence


def hold_until_drained() -> None:
    """Hold each write until the drain begins, and print then how many events wait.

    Twice is once. The gate is one that a signal handler may open: a drain at an exit may
    be interrupted by one at SIGTERM.
    """
    if Spool.append.__name__ == "held_append":
        return
    gate: queue.SimpleQueue[None] = queue.SimpleQueue()
    append, drain = Spool.append, recorder.drain

    def held_append(spool: Spool, lines: Sequence[bytes]) -> int:
        gate.put(gate.get())
        return append(spool, lines)

    def told_drain() -> bool:
        if gate.empty():
            os.write(1, f"queued {len(recorder.writer.queue)}\n".encode())
        gate.put(None)
        return drain()

    Spool.append = held_append  # type: ignore[method-assign]
    recorder._lifecycle._drain = told_drain
