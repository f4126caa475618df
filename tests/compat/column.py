"""What one version of Streamlit gives: the state of each hook, and how the tests went."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import dev

TESTS = ("tests/streamlit_ext",)
_LIMIT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Column:
    """One version's column of the table.

    Attributes:
        version: Streamlit's own, as installed.
        hooks: Of each hook ``active`` or ``unavailable``.
        reasons: Of each hook that is unavailable, why.
        counts: Tests passed, skipped and failed; None when they did not come to an end.
        told: What pytest said.
    """

    version: str
    hooks: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    counts: tuple[int, int, int] | None = None
    told: str = ""

    @property
    def is_good(self) -> bool:
        """Tell whether tests were run and none has failed."""
        return self.counts is not None and self.counts[0] > 0 and self.counts[2] == 0


def column(python: str | Path, tests: tuple[str, ...] = TESTS) -> Column:
    """Ask and test the Streamlit of an environment, with the packages of this checkout.

    Args:
        python: Its interpreter.
        tests: Files or folders of tests; those that need a browser are left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked = _run(python, ["-m", "tests.compat.probe"], folder)
        if asked.returncode:
            return Column("", told=asked.stdout + asked.stderr)
        found = json.loads(asked.stdout.splitlines()[-1])
        hooks = found["hooks"]
        counts, told = _test(python, tests, folder)
    return Column(
        found["version"],
        {name: "active" if active else "unavailable" for name, (active, _) in hooks.items()},
        {name: why for name, (active, why) in hooks.items() if not active},
        counts,
        told,
    )


def _test(
    python: str | Path, tests: tuple[str, ...], folder: str
) -> tuple[tuple[int, int, int] | None, str]:
    report = Path(folder, "report.xml")
    options = ["-q", "--tb=short", "-m", "not browser", "-p", "no:cacheprovider"]
    said = _run(python, ["-m", "pytest", *options, f"--junitxml={report}", *tests], folder)
    told = said.stdout + said.stderr
    if said.returncode not in (0, 1) or not report.exists():
        return None, told
    (suite,) = ElementTree.parse(report).getroot()
    skipped = int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return (int(suite.attrib["tests"]) - skipped - failed, skipped, failed), told


def _run(python: str | Path, arguments: list[str], folder: str) -> subprocess.CompletedProcess[str]:
    ours = {"PYTHONPATH": str(dev.ROOT), "DATATOOLS_AUDIT_DIR": folder}
    try:
        return subprocess.run(
            [str(python), *arguments],
            cwd=dev.ROOT,
            env={**os.environ, **ours},
            check=False,
            capture_output=True,
            text=True,
            timeout=_LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        ended = f"Stopped after {_LIMIT_SECONDS} s."
        return subprocess.CompletedProcess(arguments, returncode=2, stdout=ended, stderr="")
