"""What must be reached, each a ratio to a floor or to the best of the field, and whether it is.

No figure here is a time of its own but three that the rules name: a stall of a millisecond,
an exit of three seconds, an import of sixty milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.field.figures import Figures

FASTER_CALLER = "picologging"  # C++, and leaves the encoding for later: the one to chase
STALL_NS = 1e6
EXIT_SECONDS = 3.0
IMPORT_MS = 60.0
SLACK_MB = 1.0


@dataclass(frozen=True)
class Verdict:
    """One line.

    Attributes:
        target: What is asked for.
        ratio: What was found, in the target's own terms; None where nothing could be compared.
        is_reached: Whether that is enough.
        told: What it was compared with.
    """

    target: str
    ratio: float | None
    is_reached: bool
    told: str = ""

    def __str__(self) -> str:
        if self.ratio is None:
            return f"no verdict   {self.target}: nothing to compare with"
        word = "reached     " if self.is_reached else "FALLS SHORT "
        against = f" ({self.told})" if self.told else ""
        return f"{word} {self.target}: {self.ratio:.2f}{against}"


def verdicts(figures: Figures) -> Iterator[Verdict]:
    """Give each target its verdict."""
    yield _to_floor(figures, "burst, p50, recorder on, to the floor, ≤ 2.5", "ours", "burst", "p50")
    yield _to_floor(
        figures, "burst, p50, recorder off, to the floor, ≤ 2.0", "ours-off", "burst", "p50", 2.0
    )
    yield _burst_to_libraries(figures)
    yield _to_floor(figures, "paced, p50, to the floor, ≤ 2.5", "ours", "paced", "p50")
    yield _to_floor(figures, "paced, p99, to the floor, ≤ 2.5", "ours", "paced", "p99")
    yield _to_best(figures, "paced, p99.9, to the best library, < 1", "paced", "p99.9", min, 1.0)
    yield _to_best(
        figures, "CPU per event, to the best library, ≤ 1/3", "sustained", "cpu", min, 1 / 3
    )
    for call in ("open", "write"):
        yield from _hung(figures, call)
    for measurement, target, times in (
        ("sustained", "one thread, events/s, to the fastest library, ≥ 3", 3.0),
        ("four", "four threads, events/s, to the fastest library, ≥ 8", 8.0),
    ):
        yield _to_best(figures, target, measurement, "rate", max, times)
        yield _nothing_lost(figures, measurement)
    yield _four_to_one(figures)
    yield _ratio(
        "late after a sleep, p99, to an idle process, ≤ 2",
        figures.median("ours", "wake", "p99"),
        figures.median("idle", "wake", "p99"),
        lambda ratio: ratio <= 2,
    )
    yield _import(figures)


def chase(figures: Figures) -> str:
    """Return how the burst compares with the one library whose caller is C++."""
    ours, theirs = (figures.median(n, "burst", "p50") for n in ("ours", FASTER_CALLER))
    if ours is None or theirs is None:
        return f"to chase     burst, p50, to {FASTER_CALLER}: nothing to compare with"
    return f"to chase     burst, p50, to {FASTER_CALLER}: {ours / theirs:.2f}"


def _ratio(
    target: str,
    ours: float | None,
    other: float | None,
    is_enough: Callable[[float], bool],
    told: str = "",
) -> Verdict:
    if ours is None or not other:
        return Verdict(target, None, is_reached=False)
    ratio = ours / other
    return Verdict(target, ratio, is_enough(ratio), told)


def _to_floor(
    figures: Figures, target: str, name: str, measurement: str, number: str, limit: float = 2.5
) -> Verdict:
    return _ratio(
        target,
        figures.median(name, measurement, number),
        figures.median("encode", measurement, number),
        lambda ratio: ratio <= limit,
    )


def _to_best(
    figures: Figures,
    target: str,
    measurement: str,
    number: str,
    best: Callable[..., str],
    limit: float,
) -> Verdict:
    """Compare with the best library; of a run with losses counted, with those without one."""
    counted = measurement in ("sustained", "four")
    found = figures.libraries(measurement, number, lossless=counted)
    name = best(found, key=lambda each: found[each], default="")
    is_rate = number == "rate"
    return _ratio(
        target,
        figures.median("ours", measurement, number),
        found.get(name),
        (lambda ratio: ratio >= limit) if is_rate else (lambda ratio: ratio <= limit),
        name,
    )


def _burst_to_libraries(figures: Figures) -> Verdict:
    found = figures.libraries("burst", "p50")
    found.pop(FASTER_CALLER, None)
    name = min(found, key=lambda each: found[each], default="")
    target = f"burst, p50, to the best library but {FASTER_CALLER}, < 1"
    ours = figures.median("ours", "burst", "p50")
    return _ratio(target, ours, found.get(name), lambda ratio: ratio < 1, name)


def _hung(figures: Figures, call: str) -> Iterator[Verdict]:
    failure = figures.failure("ours", call)
    if failure:
        for what in ("longest call", "memory", "exit"):
            yield Verdict(f"`{call}` hung, {what}", float("inf"), is_reached=False, told=failure)
        return
    floor = figures.median("encode", call, "max")
    yield _ratio(
        f"`{call}` hung, longest call, to 1 ms or the floor's longest, ≤ 1",
        figures.median("ours", call, "max"),
        None if floor is None else max(STALL_NS, floor),
        lambda ratio: ratio <= 1,
    )
    first = figures.median("ours", call, "mb")
    yield _ratio(
        f"`{call}` hung, memory of the next calls, to half of the first ones', ≤ 1",
        figures.median("ours", call, "more_mb"),
        None if first is None else max(SLACK_MB, first / 2),
        lambda ratio: ratio <= 1,
    )
    blocked = figures.median("ours", call, "blocked")
    yield _ratio(
        f"`{call}` hung, exit, to 3 s, ≤ 1",
        figures.exit_seconds("ours", call),
        EXIT_SECONDS if blocked else None,
        lambda ratio: ratio <= 1,
    )


def _nothing_lost(figures: Figures, measurement: str) -> Verdict:
    lost = figures.most("ours", measurement, "lost")
    target = {"sustained": "one thread", "four": "four threads"}[measurement] + ", lost, = 0"
    return Verdict(target, lost, is_reached=lost == 0)


def _four_to_one(figures: Figures) -> Verdict:
    return _ratio(
        "four threads, events/s, to our own from one, ≥ 0.8",
        figures.median("ours", "four", "rate"),
        figures.median("ours", "sustained", "rate"),
        lambda ratio: ratio >= 0.8,
    )


def _import(figures: Figures) -> Verdict:
    did = [figures.most("ours", "imports", number) for number in ("files", "threads")]
    told = f"{did[0]:.0f} files, {did[1]:.0f} threads" if None not in did else ""
    return _ratio(
        "import, over bare Python, to 60 ms, ≤ 1, no file, no thread",
        figures.median("ours", "imports", "ms"),
        IMPORT_MS,
        lambda ratio: ratio <= 1 and not any(did),
        told,
    )
