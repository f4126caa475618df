"""`python -m tests.release`: build wheel and sdist into `dist`, check them, try the wheel.

Needs git and the standard library only; the tools are in an environment of their own, and the
wheel is tried in another that has nothing but what it asks for.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import dev
from tests.release.checks import check_contents, check_version

TOOLS = dev.ROOT / ".release"
DIST = dev.ROOT / "dist"
PROGRAM = Path(__file__).with_name("program.py")
BILL = Path(__file__).with_name("bill.py")
_TOOLS = ["build>=1.2", "cyclonedx-bom>=5", "pip-audit>=2.7", "twine>=7"]
_WITHOUT_PIP = ["-m", "pip", "uninstall", "--yes", "pip", "setuptools"]  # no part of what is needed


def main(arguments: list[str]) -> int:
    """Do all steps; return 1 at the first that fails."""
    parser = argparse.ArgumentParser("python dev.py dist")
    parser.add_argument("--audit", action="store_true", help="also ask for known vulnerabilities")
    parser.add_argument("--tag", help="the tag of the release that this is to be, as v1.2.3")
    asked = parser.parse_args(arguments)
    if asked.tag is not None and not _is_well("version", check_version(dev.ROOT, asked.tag)):
        return 1
    dev.install(TOOLS, _TOOLS)
    shutil.rmtree(DIST, ignore_errors=True)
    if not _did("build", [_tool("python"), "-m", "build", "--outdir", DIST, dev.ROOT]):
        return 1
    (sdist,), (wheel,) = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    if not _is_well("contents", check_contents(dev.ROOT, sdist)):
        return 1
    if not _did("check", [_tool("twine"), "check", "--strict", sdist, wheel]):
        return 1
    with tempfile.TemporaryDirectory(prefix="datatools-audit-release-") as made:
        return 0 if _tried(wheel, Path(made), with_audit=asked.audit) else 1


def _tried(wheel: Path, folder: Path, *, with_audit: bool) -> bool:
    """Install the wheel where nothing else is, use it, and list what came with it."""
    clean = folder / "clean"
    dev.install(clean, [str(wheel)])
    shutil.copy(PROGRAM, folder / "program.py")
    environment = {**os.environ, "HOME": str(folder), "DATATOOLS_AUDIT_DIR": str(folder / "logs")}
    environment.pop("PYTHONPATH", None)
    python = dev.python_of(clean)
    if not _did("try", [python, "program.py", dev.ROOT], cwd=folder, env=environment):
        return False
    dev.install(clean, [f"{wheel}[otel]"])
    if not shutil.which("uv") and not _did("bare", [python, *_WITHOUT_PIP]):
        return False
    found, needs, bill = folder / "found.json", folder / "needs.txt", DIST / "sbom.cdx.json"
    return (
        _did("list", [_tool("cyclonedx-py"), "environment", "--output-file", found, python])
        and _did("bill", [_tool("python"), BILL, found, wheel, bill, needs])
        and (not with_audit or _did("audit", [*_audit(), "--requirement", needs]))
    )


def _audit() -> list[object]:
    # No --path: the package itself, which no index has before its release, would fail it.
    return [_tool("pip-audit"), "--strict", "--disable-pip", "--no-deps"]


def _did(step: str, command: list[object], **how: object) -> bool:
    """Run a step, and say how it went and how long it took."""
    started = time.monotonic()
    done = subprocess.run(list(map(str, command)), check=False, capture_output=True, **how)  # type: ignore[call-overload]
    told = (done.stdout + done.stderr).decode("utf-8", "replace")
    wrong = "" if done.returncode == 0 else told or f"exit status {done.returncode}"
    return _is_well(step, wrong, time.monotonic() - started)


def _is_well(step: str, wrong: str, seconds: float = 0) -> bool:
    """Say how a step went; whatever is wrong first."""
    if wrong:
        print(wrong.rstrip())
    print(f"== {step} {'failed' if wrong else 'done'} {seconds:.0f} s", flush=True)
    return not wrong


def _tool(name: str) -> Path:
    return dev.python_of(TOOLS).with_name(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
