"""What is built: the two packages, typed, working without the checkout, and their sources."""

from __future__ import annotations

import subprocess
import sys
import tarfile
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


def built(target: str, sources: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "-d", str(folder)]
    subprocess.run(command, cwd=sources, check=True, capture_output=True)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as the build backend does."""
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the archive of the sources likewise."""
    return built("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


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


def unpacked(sdist: Path, folder: Path) -> Path:
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (sources,) = folder.iterdir()
    return sources


def test_sdist_makes_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    """Who builds from the archive has byte for byte what is built from the checkout."""
    again = built("wheel", unpacked(sdist, tmp_path / "sources"), tmp_path / "wheel")
    assert wheel.read_bytes() == again.read_bytes()


def test_sdist_is_the_same_whatever_lies_beside(sdist: Path, tmp_path: Path) -> None:
    """No secret, no note and no clock of a checkout gets into it."""
    sources = unpacked(sdist, tmp_path / "sources")
    for name in (".env", ".netrc", ".streamlit/secrets.toml", "notes.txt", "logs/a.jsonl.gz"):
        (sources / name).parent.mkdir(exist_ok=True)
        (sources / name).write_text("secret")
    (sources / "README.md").touch()
    again = built("sdist", sources, tmp_path / "again")
    assert sdist.read_bytes() == again.read_bytes()
