"""How long work says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], object]
"""Called with the fraction done, from 0 to 1, and what is being done, in plain text."""


def silent(_fraction: float, _doing: str) -> None:
    """Tell nobody: the default where no one watches."""


def part(progress: Progress, start: float, end: float) -> Progress:
    """Map the whole of a piece of work onto the stretch from `start` to `end`."""

    def report(fraction: float, doing: str) -> None:
        progress(start + (end - start) * min(max(fraction, 0.0), 1.0), doing)

    return report
