"""Where many lines lie, in four bytes for each."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEYOND = 1 << 32


class Places:
    """Places in files, in the order in which they were added.

    Each is kept as its distance to the one before, in bytes; where that is in another file,
    behind it or over 4 GiB before it, a new run begins with the whole place.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[int, int, int]] = []
        self._steps = array("I")
        self._file, self._offset = -1, 0

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self._steps)

    def add(self, file: int, offset: int) -> None:
        """Add the place of a line: a file's number, and where in it, bytes."""
        step = offset - self._offset
        if file != self._file or not 0 <= step < _BEYOND:
            self._runs.append((len(self._steps), file, offset))
            step = 0
        self._steps.append(step)
        self._file, self._offset = file, offset

    def newest(self, most: int) -> Iterator[tuple[int, int]]:
        """Yield file and offset of the last ones, as many as are asked for."""
        first = len(self) - most
        ends = pairwise([*self._runs, (len(self), 0, 0)])
        for (begin, file, offset), (end, _, _) in ends:
            for at in range(begin, end):
                offset += self._steps[at]
                if at >= first:
                    yield file, offset
