"""Measure how often `reproduce` succeeds: `python -m tests.reproduce [--keep FOLDER] [NAME…]`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, browser_path
from tests.reproduce import chain
from tests.reproduce.bugs import BUGS

POLICIES = ("all", "choices", "shape")


def measure(folder: Path, names: list[str], policies: list[str]) -> None:
    """Drive every app under each policy, and print the table."""
    bugs = [bug for bug in BUGS if not names or bug.name in names]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for policy in policies:
            chain.record(browser, bugs, policy, folder / policy / "logs")
        browser.close()
    judge(folder, names, policies)


def judge(folder: Path, names: list[str], policies: list[str]) -> None:
    """Write and run the tests of logs that are there, and print the table."""
    bugs = [bug for bug in BUGS if not names or bug.name in names]
    lines = []
    for policy in policies:
        chain.write(bugs, folder / policy / "logs", folder / policy / "tests")
        found = chain.run(folder / policy / "tests")
        same = [bug for bug in bugs if chain.is_same(bug, found[bug.name])]
        free = [bug for bug in bugs if not bug.hangs_under(policy)]
        both = [bug for bug in free if bug in same]
        lines.append(
            f"| `{policy}` | {len(same)} of {len(bugs)} | {len(both)} of {len(free)} | "
            f"{len(same) - len(both)} of {len(bugs) - len(free)} |"
        )
        for bug in bugs:
            if bug not in same:
                print(f"{policy}: {bug.name}: {found[bug.name]}")
    print("| values | reproduced | of those on record | of those that hang on what is not |")
    print("| --- | --- | --- | --- |")
    print("\n".join(lines))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--policy", action="append")
    parser.add_argument("--judge", action="store_true", help="only, from the logs that were kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder, policies = given.keep or Path(made), given.policy or list(POLICIES)
        (judge if given.judge else measure)(folder, given.names, policies)


if __name__ == "__main__":
    main()
