"""What has to be true of a release before anybody gets it; each check returns what is wrong."""

from __future__ import annotations

import subprocess
import tarfile
from runpy import run_path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def check_version(root: Path, tag: str) -> str:
    """Tell whether a tag, the package and CHANGELOG have the same version."""
    version = run_path(str(root / "datatools_audit" / "_version.py"))["__version__"]
    if tag != f"v{version}":
        return f"the tag is {tag}, the version {version}"
    if f"## [{version}] - " not in (root / "CHANGELOG.md").read_text(encoding="utf-8"):
        return f"CHANGELOG.md has no part for {version} with its date"
    return ""


def check_contents(root: Path, sdist: Path) -> str:
    """Tell whether the sources are those that git has: nothing of this machine, and all of them."""
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=root, text=True)
    tracked = {*names.split("\0")[:-1], "PKG-INFO"}
    with tarfile.open(sdist) as archive:
        packed = {member.name.partition("/")[2] for member in archive if member.isfile()}
    lines = [f"git does not have {name}" for name in sorted(packed - tracked)]
    lines += [f"the sdist does not have {name}" for name in sorted(tracked - packed)]
    return "\n".join(lines)
