"""`python -m tests.compat`: test the hooks on each version of Streamlit, print one table.

Needs the standard library only; what it tests runs in environments of its own.
"""

from __future__ import annotations

import argparse
import sys
import time

import dev
from tests.compat.column import Column, column
from tests.compat.environment import VERSIONS, NoEnvironmentError, environment
from tests.compat.table import renewed, table


def main(arguments: list[str]) -> int:
    """Do it for all versions or those named; return 1 when a test failed or none was run."""
    parser = argparse.ArgumentParser("python dev.py compat")
    parser.add_argument("versions", nargs="*", help=f"instead of {' '.join(VERSIONS)}")
    parser.add_argument("--write", action="store_true", help="put the table into README")
    asked = parser.parse_args(arguments)
    if asked.write and asked.versions:
        parser.error("README has all versions: --write takes none")
    columns = {version: measured(version) for version in asked.versions or VERSIONS}
    told = table(columns)
    print(f"\n{told}", flush=True)
    for each in columns.values():
        for hook, why in each.reasons.items():
            print(f"{each.version} {hook}: {why}")
    if not all(each.is_good for each in columns.values()):
        return 1
    if asked.write:
        readme = dev.ROOT / "README.md"
        readme.write_text(renewed(readme.read_text(), told))
    return 0


def measured(version: str) -> Column:
    """Measure a version, and say how it went and how long it took."""
    started = time.monotonic()
    try:
        found = column(environment(version))
    except NoEnvironmentError as error:
        found = Column("", told=str(error))
    if not found.is_good:
        print(found.told)
    told = found.counts or "not run"
    print(f"== {version} {found.version} {told} {time.monotonic() - started:.0f} s", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
