"""What is told of many times: percentiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def percentiles(times: Sequence[float], unit: float = 1.0) -> dict[str, float]:
    """Return ``p50``, ``p99``, ``p99.9`` and ``max`` of at least one time, each by unit."""
    ordered = sorted(times)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] / unit

    return {"p50": at(0.5), "p99": at(0.99), "p99.9": at(0.999), "max": ordered[-1] / unit}
