"""Rounds in turn: each measurement for one contestant after the other, then all over again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from benchmarks.field.contestant import MEASUREMENTS
from benchmarks.field.process import HANGS, Result, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.field.contestant import Contestant

LIMIT_SECONDS = 440.0
SIDE_BY_SIDE = 6
ONCE = ("open", "write", "wake", "imports")
NAMED = ("ours", "encode", "idle")


def run_quick(contestants: Sequence[Contestant]) -> list[Result]:
    """Run one small round side by side: it shows that all works, and its times mean nothing."""
    turns = [(each, name) for name in MEASUREMENTS for each in contestants]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        wanted = [turn for turn in turns if turn[1] in turn[0].measurements]
        return list(pool.map(lambda turn: measure(*turn, "quick"), wanted))


def run(
    contestants: Sequence[Contestant],
    rounds: int,
    say: Callable[[str], None],
) -> list[Result]:
    """Run the rounds; fewer when the next one would take the whole beyond its limit.

    What no verdict asks for is measured in the first round only: on a hung disk, after a
    sleep and at import every library does the same each time, and most that hang have to be
    waited for. One that had to be killed is not asked again.
    """
    results: list[Result] = []
    began = time.monotonic()
    seconds = 0.0
    done: set[tuple[str, str]] = set()
    for number in range(1, rounds + 1):
        round_began = time.monotonic()
        if round_began - began + seconds > LIMIT_SECONDS:
            say(f"time is up after {number - 1} rounds")
            break
        for measurement in MEASUREMENTS:
            for contestant in contestants:
                turn = (contestant.name, measurement)
                if measurement not in contestant.measurements or turn in done:
                    continue
                results.append(measure(contestant, measurement, "whole"))
                results[-1].round = number
                once = measurement in ONCE and contestant.name not in NAMED
                if once or (results[-1].failed or "").startswith(HANGS):
                    done.add(turn)
        seconds = time.monotonic() - round_began
        say(f"round {number} of {rounds}: {seconds:.0f} s")
    return results
