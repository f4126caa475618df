"""How far a child is, in a file that the harness can read when the child no longer answers."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CELL_BYTES = 8
_CELLS = 3


class Progress:
    """Three numbers in a mapped file.

    Attributes:
        calls: Calls that returned.
        blocked: Calls of the disk that were blocked.
        stage: 0 until it is set up, 1 while it calls, 2 when all calls have returned.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(_CELLS * _CELL_BYTES))
        with path.open("r+b") as file:
            cells = memoryview(mmap.mmap(file.fileno(), _CELLS * _CELL_BYTES)).cast("q")
        self.calls, self.blocked, self.stage = (cells[n : n + 1] for n in range(_CELLS))

    def values(self) -> tuple[int, int, int]:
        """Return all three."""
        return self.calls[0], self.blocked[0], self.stage[0]
