"""Medians over the rounds, asked for by contestant, measurement and number."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from benchmarks.field.contestants import CONTESTANTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.field.process import Result


class Figures:
    """All results of a run.

    Args:
        results: Of any number of rounds.
    """

    def __init__(self, results: Iterable[Result]) -> None:
        self._results: dict[tuple[str, str], list[Result]] = defaultdict(list)
        for result in results:
            self._results[result.contestant, result.measurement].append(result)

    def of(self, contestant: str, measurement: str) -> list[Result]:
        """Return the results, one a round; empty when it was not measured."""
        return self._results.get((contestant, measurement), [])

    def median(self, contestant: str, measurement: str, number: str) -> float | None:
        """Return the median over the rounds that have the number, or None."""
        results = self.of(contestant, measurement)
        found = [r.numbers[number] for r in results if number in r.numbers]
        return statistics.median(found) if found else None

    def most(self, contestant: str, measurement: str, number: str) -> float | None:
        """Return the most over the rounds, or None."""
        results = self.of(contestant, measurement)
        return max((r.numbers[number] for r in results if number in r.numbers), default=None)

    def failure(self, contestant: str, measurement: str) -> str | None:
        """Return why rounds have no numbers, with their count unless it is all of them."""
        results = self.of(contestant, measurement)
        failed = Counter(r.failed for r in results if r.failed)
        if not failed:
            return None
        ((reason, count),) = failed.most_common(1)
        return reason if count == len(results) else f"{reason} in {count} of {len(results)}"

    def exit_seconds(self, contestant: str, measurement: str) -> float | None:
        """Return the longest exit; infinite when one had to be killed, None when unknown."""
        found = [
            float("inf") if r.exit_seconds is None else r.exit_seconds
            for r in self.of(contestant, measurement)
            if r.numbers
        ]
        return max(found, default=None)

    def libraries(
        self, measurement: str, number: str, *, lossless: bool = False
    ) -> dict[str, float]:
        """Return the medians of the libraries that came through all rounds, by name.

        Args:
            measurement: Its name.
            number: Its name.
            lossless: Only those that lost no event in any round.
        """
        found = {}
        for contestant in CONTESTANTS:
            name = contestant.name
            value = self.median(name, measurement, number)
            if contestant.kind != "library" or value is None or self.failure(name, measurement):
                continue
            if not lossless or self.most(name, measurement, "lost") == 0:
                found[name] = value
        return found
