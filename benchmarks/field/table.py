"""The table: one row a contestant, in Markdown, so that a document can take it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.field.contestant import Contestant
    from benchmarks.field.figures import Figures

HEAD = (
    "",
    "burst µs: p50 / p99 / p99.9 / max",
    "paced 2,000/s µs: p50 / p99 / p99.9",
    "CPU µs/event",
    "1 thread: events/s (lost of made)",
    "4 threads",
    "`open` hung",
    "`write` hung",
    "late after a sleep µs: p50 / p99",
    "import ms",
)


def table(contestants: Iterable[Contestant], figures: Figures) -> str:
    """Return the table; a contestant that is not installed says so in its row."""
    rows = [HEAD, ("---",) * len(HEAD)]
    for contestant in contestants:
        if contestant.is_installed:
            cells = tuple(cell(figures, contestant) for cell in CELLS)
        else:
            cells = ("not installed", *[""] * (len(HEAD) - 2))
        rows.append((contestant.title, *cells))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _times(measurement: str, *numbers: str) -> Callable[[Figures, Contestant], str]:
    def cell(figures: Figures, contestant: Contestant) -> str:
        found = [figures.median(contestant.name, measurement, number) for number in numbers]
        told = " / ".join(short(value / 1e3) for value in found if value is not None)
        return _with_failure(figures, contestant, measurement, told)

    return cell


def _rate(measurement: str) -> Callable[[Figures, Contestant], str]:
    def cell(figures: Figures, contestant: Contestant) -> str:
        name = contestant.name
        rate = figures.median(name, measurement, "rate")
        told = ""
        if rate is not None:
            lost, made = (figures.most(name, measurement, number) for number in ("lost", "made"))
            told = f"{rate:,.0f} ({lost:,.0f} of {made:,.0f})"
        return _with_failure(figures, contestant, measurement, told)

    return cell


def _hung(measurement: str) -> Callable[[Figures, Contestant], str]:
    def cell(figures: Figures, contestant: Contestant) -> str:
        name = contestant.name
        longest = figures.median(name, measurement, "max")
        told = ""
        if longest is not None:
            p99, more, blocked = (
                figures.median(name, measurement, number) or 0.0
                for number in ("p99", "more_mb", "blocked")
            )
            exits = figures.exit_seconds(name, measurement) or 0.0
            told = (
                f"p99 {short(p99 / 1e3)} µs, max {short(longest / 1e6)} ms, then +{more:.0f} MB, "
                + ("never exits" if exits == float("inf") else f"exits in {exits:.1f} s")
                + ("" if blocked else ", **nothing hung**")
            )
        return _with_failure(figures, contestant, measurement, told)

    return cell


def _cpu(figures: Figures, contestant: Contestant) -> str:
    value = figures.median(contestant.name, "sustained", "cpu")
    return "" if value is None else short(value)


def _import(figures: Figures, contestant: Contestant) -> str:
    value = figures.median(contestant.name, "imports", "ms")
    return _with_failure(
        figures, contestant, "imports", "" if value is None else f"{max(0.0, value):.0f}"
    )


def _with_failure(figures: Figures, contestant: Contestant, measurement: str, told: str) -> str:
    failure = figures.failure(contestant.name, measurement)
    return "; ".join(part for part in (told, failure and f"**{failure}**") if part)


def short(value: float) -> str:
    """Return a number with two or three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


CELLS: tuple[Callable[[Figures, Contestant], str], ...] = (
    _times("burst", "p50", "p99", "p99.9", "max"),
    _times("paced", "p50", "p99", "p99.9"),
    _cpu,
    _rate("sustained"),
    _rate("four"),
    _hung("open"),
    _hung("write"),
    _times("wake", "p50", "p99"),
    _import,
)
