"""Measure how often `reproduce` succeeds: `python -m tests.reproduce [--keep FOLDER] [NAME…]`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, browser_path
from tests.reproduce import chain
from tests.reproduce.bugs import BEYOND, BUGS, Bug
from tests.reproduce.chain import LOGS

POLICIES = ("all", "choices", "shape")


def measure(folder: Path, bugs: list[Bug], policies: list[str]) -> None:
    """Have every app driven in the browser under each policy; the logs lie in the folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for policy in policies:
            chain.record(browser, bugs, policy, folder / policy / "logs")
        browser.close()


def judge(folder: Path, bugs: list[Bug], policies: list[str]) -> None:
    """Have the tests written and run, and print the table, and each miss with what it says."""
    lines = []
    for policy in policies:
        same = _same(folder / policy, bugs, policy)
        free = {bug.name for bug in bugs if bug in BUGS and not bug.hangs_under(policy)}
        tied = {bug.name for bug in bugs if bug in BUGS} - free
        beyond = {bug.name for bug in bugs if bug in BEYOND}
        groups = [free | tied, free, tied, beyond]
        cells = [f"{len(each & same)} of {len(each)}" for each in groups]
        lines.append(f"| `{policy}` | {' | '.join(cells)} |")
    print("\n| values | reproduced | all is on record | hangs on a value that is not | beyond |")
    print("| --- | --- | --- | --- | --- |")
    print("\n".join(lines))


def _same(folder: Path, bugs: list[Bug], policy: str) -> set[str]:
    """Return the names of those that failed as they did, and prove that a mended app passes."""
    chain.write(bugs, folder / "logs", folder / "tests")
    found = chain.run(folder / "tests")
    same = {bug.name for bug in bugs if chain.is_same(bug, found[bug.name])}
    for bug in bugs:
        if bug.name not in same:
            print(f"{policy}: not {bug.name}: {', '.join(filter(None, found[bug.name]))}")
    with tempfile.TemporaryDirectory() as made:
        apps = chain.mended(Path(made), bugs)
        chain.write(bugs, folder / "logs", Path(made) / "tests", apps)
        after = chain.run(Path(made) / "tests")
    for name in sorted(same):
        if after[name][0] != "passed":
            print(f"{policy}: {name} does not pass where it is mended: {after[name]}")
    return same


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these apps")
    parser.add_argument("--keep", type=Path, help="where the logs and tests stay")
    parser.add_argument("--policy", action="append", choices=POLICIES)
    parser.add_argument("--renew", action="store_true", help="the logs of the quick tests")
    parser.add_argument("--judge", action="store_true", help="only, by the logs that were kept")
    given = parser.parse_args()
    bugs = [bug for bug in BUGS + BEYOND if not given.names or bug.name in given.names]
    with tempfile.TemporaryDirectory() as made:
        folder, policies = given.keep or Path(made), given.policy or list(POLICIES)
        if not given.judge:
            measure(folder, bugs, policies)
        for policy in policies if given.renew else []:
            chain.keep(bugs, folder / policy / "logs", LOGS / policy)
        judge(folder, bugs, policies)


if __name__ == "__main__":
    main()
