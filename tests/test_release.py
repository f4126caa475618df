"""What is released is of one version, holds what git has, and says what it needs."""

from __future__ import annotations

import io
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

from datatools_audit import __version__
from tests.release.bill import bill_of
from tests.release.checks import check_contents, check_version

if TYPE_CHECKING:
    from pathlib import Path

FOUND = {
    "metadata": {"tools": []},
    "components": [
        {"name": "click", "version": "8.5", "bom-ref": "click"},
        {
            "name": "datatools-audit",
            "version": "1.2.3",
            "bom-ref": "ours",
            "externalReferences": [
                {"type": "distribution", "url": "file:///home/anna/dist/a.whl"},
                {"type": "website", "url": "https://example.org"},
            ],
        },
    ],
    "dependencies": [{"ref": "ours", "dependsOn": ["click"]}, {"ref": "click"}],
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a project that is ready to be released as 1.2.3."""
    (tmp_path / "datatools_audit").mkdir()
    (tmp_path / "datatools_audit" / "_version.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text("## [Unreleased]\n\n## [1.2.3] - 2026-11-27\n")
    return tmp_path


def test_release_has_one_version(project: Path) -> None:
    """Tag, package and CHANGELOG say the same, or there is no release."""
    assert "" == check_version(project, "v1.2.3")
    assert "the tag is v1.2.4, the version 1.2.3" == check_version(project, "v1.2.4")
    (project / "CHANGELOG.md").write_text("## [Unreleased]\n")
    assert "CHANGELOG.md has no part for 1.2.3" in check_version(project, "v1.2.3")


def test_release_version_is_the_package_own(project: Path) -> None:
    """The place that is read is the one from which the package has it."""
    (project / "datatools_audit" / "_version.py").write_text(f'__version__ = "{__version__}"\n')
    assert f"the tag is v0, the version {__version__}" == check_version(project, "v0")


def test_release_holds_what_git_has(project: Path) -> None:
    """A file of this machine alone is named, as is one that was forgotten."""
    sdist = project / "p-1.2.3.tar.gz"
    with tarfile.open(sdist, "w:gz") as archive:
        for name in ("PKG-INFO", "CHANGELOG.md", "datatools_audit/secret.env"):
            archive.addfile(tarfile.TarInfo(f"p-1.2.3/{name}"), io.BytesIO())
    for command in (["init", "-q"], ["add", "CHANGELOG.md", "datatools_audit"]):
        subprocess.run(["git", *command], cwd=project, check=True)
    expected = [
        "git does not have datatools_audit/secret.env",
        "the sdist does not have datatools_audit/_version.py",
    ]
    assert expected == check_contents(project, sdist).splitlines()


def test_release_bill_is_of_the_wheel() -> None:
    """Its subject is the wheel by its hash; no path of the machine that made it is told."""
    bill = bill_of(FOUND, "ab12")
    subject = bill["metadata"]["component"]
    assert ["click"] == [each["name"] for each in bill["components"]]
    assert "pkg:pypi/datatools-audit@1.2.3" == subject["purl"]
    assert [{"alg": "SHA-256", "content": "ab12"}] == subject["hashes"]
    assert "file:" not in str(bill)
    assert "https://example.org" in str(subject)
