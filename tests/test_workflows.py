"""The workflows say what can be done: their commands exist, and they mirror `.ci/run`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
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


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_runs_nothing_that_may_be_moved(workflow: Path) -> None:
    """Each action is named by its commit, and the checkout keeps no token for what runs next."""
    for step in steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
        if "actions/checkout@" in step.get("uses", ""):
            assert {"persist-credentials": False} == step["with"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_puts_no_name_into_a_script(workflow: Path) -> None:
    """A branch or tag may be called anything: a script has it as a variable."""
    expressions = [
        r for step in steps(workflow) for r in re.findall(r"\$\{\{.*?}}", step.get("run", ""))
    ]
    assert [] == expressions


def test_release_is_built_for_its_tag() -> None:
    """What is published was built where tag, version and CHANGELOG are the same, then tested."""
    runs = [step["run"] for step in steps(WORKFLOWS[1]) if "run" in step]
    assert ['python dev.py dist --audit --tag "$GITHUB_REF_NAME"', "bash .ci/run"] == runs
