"""`python -m benchmarks.streamlit.parts`: which hook costs what of a rerun, in AppTest.

One process draws the page of 200 widgets again and again with other hooks heard each time, in
an order drawn anew. So what only lies in memory, and is looked at when Streamlit collects
garbage, is in all rows alike; the table of `python -m benchmarks.streamlit` has that too.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from typing import TYPE_CHECKING

from streamlit.testing.v1 import AppTest

from benchmarks.streamlit.apptest_child import TIMEOUT_SECONDS
from benchmarks.streamlit.command import ROUNDS, cells
from benchmarks.streamlit.contestants import APPS, PLAIN
from benchmarks.streamlit.page import BUTTONS
from benchmarks.streamlit.reruns import Reruns
from streamlit_ext import instrument
from streamlit_ext._patch import observers
from streamlit_ext.hooks import HOOKS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

WARM_UP_ROUNDS = 5
BATCH_SECONDS = 0.12
ROWS: dict[str, Collection[str]] = {
    PLAIN: (),
    "patched, nobody told": (),
    "runs": ("runs",),
    "runs, elements": ("runs", "elements"),
    "runs, elements, widgets": ("runs", "elements", "widgets"),
    "all hooks": tuple(HOOKS),
}
"""The hooks that are heard; plain is without the patches too."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("python -m benchmarks.streamlit.parts", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="reruns of each row")
    rounds = parser.parse_args(arguments).rounds
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ["DATATOOLS_AUDIT_DIR"] = folder
        found = measured(rounds)
    for name in found:
        ms, added, cpu_ms, cpu_added = cells(found, name)
        print(f"{name:24}{ms:>8} ms{added:>28}{cpu_ms:>8} ms{cpu_added:>28}".rstrip())


def measured(rounds: int) -> dict[str, Reruns]:
    """Rerun the page so many times for each row, in turn."""
    app = AppTest.from_file(APPS / "plain.py", default_timeout=TIMEOUT_SECONDS).run()
    hooks = instrument(app="Benchmark")
    found = {name: Reruns() for name in ROWS}
    order = list(ROWS)
    draw = random.Random(1)
    for number in range(-WARM_UP_ROUNDS, rounds):
        draw.shuffle(order)
        for name in order:
            hooks.uninstrument()
            if name != PLAIN:
                hooks.install()
                for unheard in set(HOOKS).difference(ROWS[name]):
                    observers().pop(unheard, None)
            app.button(key=BUTTONS[number % len(BUTTONS)]).click()
            cpu_began, began = time.process_time(), time.perf_counter()
            app.run()
            seconds = time.perf_counter() - began
            time.sleep(BATCH_SECONDS)  # until the worker has written what came of it
            cpu_seconds = time.process_time() - cpu_began
            assert not app.exception, app.exception
            if number >= 0:
                found[name].ms.append(seconds * 1e3)
                found[name].cpu_ms.append(cpu_seconds * 1e3)
    return found


if __name__ == "__main__":
    main()
