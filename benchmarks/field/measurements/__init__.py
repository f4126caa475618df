"""What is measured, each in a fresh process: a function from a bench to numbers by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.field.measurements import burst, hung, imports, paced, sustained, wake

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.field.bench import Bench

MEASURED: dict[str, Callable[[Bench], dict[str, float]]] = {
    "burst": burst.measure,
    "paced": paced.measure,
    "sustained": sustained.measure,
    "four": sustained.measure_four_threads,
    "open": hung.measure_open,
    "write": hung.measure_write,
    "wake": wake.measure,
    "imports": imports.measure,
}
