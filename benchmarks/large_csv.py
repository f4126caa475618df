"""A 200 MB CSV through the demo app in a real browser: Upload, then Analyze.

Run it with `.venv/bin/python benchmarks/large_csv.py`. It makes the file, starts the app, and
prints for each step the seconds, the states in which the progress bar was seen, and the most
memory that the server has used.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.browser.conftest import FLAGS, ROOT, browser_path, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

ROWS = 2_400_000
DOUBLED = 40_000
LIMIT_SECONDS = 300
BAR = """(() => {
  const bar = document.querySelector("[data-testid=stMain] [data-testid=stProgress]");
  const value = bar?.querySelector("[role=progressbar]")?.getAttribute("aria-valuenow");
  return bar ? `${bar.innerText} ${value}` : "";
})()"""


def main() -> None:
    """Make the file, drive the browser, print what was seen."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = folder / "large.csv"
        made().to_csv(table, index=False)
        print(f"{table.stat().st_size / 1e6:.1f} MB, {ROWS:,} rows")
        with serving(ROOT / "app.py", folder / "logs") as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
            page = browser.new_page()
            page.set_default_timeout(60_000)
            page.goto(f"{address}/upload")
            page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(table)
            shown = page.get_by_role("link", name="Analyze it")
            watch(page, "Upload ", lambda: shown.count() > 0)
            page.get_by_test_id("stSidebarNav").get_by_role("link", name="Analyze").click()
            page.get_by_test_id("stMain").get_by_role("button", name="Analyze").click()
            shown = page.get_by_text("Distributions")
            watch(page, "Analyze", lambda: shown.count() > 0)
            browser.close()


def made() -> pd.DataFrame:
    """Return a table of mixed kinds, with gaps and doubled rows."""
    random = np.random.default_rng(7)
    cities = np.array(["Berlin", "Köln", "Paris", "São Paulo", "New York", "Tokyo", "Oslo"])
    remarks = np.array(["left at the door", "gift, please wrap", "call before delivery"])
    remark = remarks[random.integers(0, 3, ROWS)]
    discount = np.round(random.random(ROWS) * 0.5, 3)
    times = pd.date_range("2023-01-01", periods=ROWS, freq="37s")
    frame = pd.DataFrame(
        {
            "order": np.arange(1, ROWS + 1),
            "ordered": times.strftime("%Y-%m-%dT%H:%M:%S"),
            "customer": np.char.add("customer-", random.integers(0, 300_000, ROWS).astype(str)),
            "city": cities[random.integers(0, len(cities), ROWS)],
            "zip": np.char.zfill(random.integers(1000, 99_999, ROWS).astype(str), 5),
            "quantity": random.integers(1, 20, ROWS),
            "price": np.round(random.lognormal(3, 1, ROWS), 2),
            "discount": np.where(random.random(ROWS) < 0.2, np.nan, discount),
            "express": random.random(ROWS) < 0.3,
            "remark": np.where(random.random(ROWS) < 0.6, "", remark),
        }
    )
    return pd.concat([frame.iloc[:-DOUBLED], frame.iloc[:DOUBLED]])


def watch(page: Page, step: str, is_done: Callable[[], bool]) -> None:
    """Look at the progress bar until the step is done; print what was seen."""
    began = time.monotonic()
    states: list[str] = []
    while not is_done():
        assert time.monotonic() - began < LIMIT_SECONDS, f"{step} is not done in time"
        state = page.evaluate(BAR)
        if state and state not in states[-1:]:
            states.append(state)
        page.wait_for_timeout(30)
    seconds = time.monotonic() - began
    print(f"{step} {seconds:5.1f} s, {len(states)} states of the bar, server {peak_mb():,.0f} MB")


def peak_mb() -> float:
    """Return the most memory that a child of this process has used so far, megabytes."""
    own = {Path("/proc/self").resolve().name}
    peaks = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        parent = re.search(r"PPid:\s+(\d+)", text)
        peak = re.search(r"VmHWM:\s+(\d+)", text)
        command = status.with_name("cmdline").read_bytes()
        if parent and peak and parent[1] in own and b"streamlit" in command:
            peaks.append(int(peak[1]) / 1000)
    return max(peaks, default=0.0)


if __name__ == "__main__":
    main()
