"""The difference of two things measured in turn, with the interval that it lies in.

Each round measures both, one after the other, so that the machine's slow changes are in both
and leave the difference. Of the rounds' differences d the estimate is the median of all their
pairwise means (Hodges and Lehmann): outliers do not move it, and it needs half the rounds
that the plain median does. Its 95 % interval is that of Wilcoxon's signed ranks; it assumes that
the differences scatter alike to both sides.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Difference:
    """How much more one thing takes than another, in percent of the other's median.

    Attributes:
        percent: The estimate.
        low: The lower end of its 95 % interval.
        high: The upper end.
    """

    percent: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.percent:+.2f} % ({self.low:+.2f} … {self.high:+.2f})"


def difference(more: Sequence[float], less: Sequence[float]) -> Difference:
    """Return how much more the first takes than the second, by rounds; needs six of them."""
    deltas = np.subtract(more, less)
    count = len(deltas)
    first, second = np.triu_indices(count)
    means = np.sort((deltas[first] + deltas[second]) / 2)
    spread = (count * (count + 1) * (2 * count + 1) / 24) ** 0.5
    outside = max(0, int(len(means) / 2 - _NORMAL_95 * spread))
    one_percent = statistics.median(less) / 100
    found = float(np.median(means)), float(means[outside]), float(means[-1 - outside])
    return Difference(*(each / one_percent for each in found))
