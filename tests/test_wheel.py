"""The built wheel: the two packages, typed, working without the checkout."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PROGRAM = """
import datatools_audit, streamlit_ext
datatools_audit.log_event("test", "from the wheel")
assert datatools_audit.flush_audit_log(10)
print(datatools_audit.__file__)
print(streamlit_ext.__file__)
print(len(list(datatools_audit.read_events(datatools_audit.audit_log_dir()))))
from datatools_audit.cli import main
assert main(["report"]) == 0
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as the build backend does."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    """Both packages are in it, typed, and the plugin for pytest; no demo app and no tests."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert {"datatools_audit", "streamlit_ext", "pytest_datatools_audit.py"} == tops
    assert {"datatools_audit/py.typed", "streamlit_ext/py.typed"} <= set(names)


def test_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """With the wheel alone on the path both packages import and record."""
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    environment = {"PYTHONPATH": str(site), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert [str(site / "datatools_audit/__init__.py"), str(site / "streamlit_ext/__init__.py")] == (
        told[:2]
    )
    assert "1" == told[2]
    assert "from the wheel" in (tmp_path / "report.html").read_text()
    assert (tmp_path / ".datatools" / "logs").is_dir()
