"""The workflows say what can be done: their commands exist, and they mirror `.ci/run`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(workflow: Path) -> list[dict[str, Any]]:
    told = yaml.safe_load(workflow.read_text())
    return [step for job in told["jobs"].values() for step in job["steps"]]


def test_workflows_are_there() -> None:
    """One for each push, one for a release."""
    assert ["ci.yml", "release.yml"] == [workflow.name for workflow in WORKFLOWS]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_commands_exist(workflow: Path) -> None:
    """Each command of `dev.py` is one that it has, and each script is there."""
    told = subprocess.run([sys.executable, ROOT / "dev.py"], capture_output=True, text=True).stdout
    runs = [step["run"] for step in steps(workflow) if "run" in step]
    assert "bash .ci/run" in runs
    for command in re.findall(r"python dev\.py (\w+)", "\n".join(runs)):
        assert f"python dev.py {command} " in told


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_may_read_only_unless_it_says_so(workflow: Path) -> None:
    """What runs others' code has a token that can write nothing."""
    assert {"contents": "read"} == yaml.safe_load(workflow.read_text())["permissions"]


def test_release_takes_its_version_from_one_place() -> None:
    """The program in the workflow prints what the package says."""
    (check,) = [step for step in steps(WORKFLOWS[1]) if "_version.py" in step.get("run", "")]
    (program,) = re.findall(r"python -c '([^']+)'", check["run"])
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    version = run_path(str(ROOT / "datatools_audit" / "_version.py"))["__version__"]
    assert version == done.stdout.strip()
