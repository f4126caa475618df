"""`python -m tests.release`: build wheel and sdist into `dist`, check them, try the wheel.

Needs the standard library only; the tools are in an environment of their own, and the wheel is
tried in another that has nothing but what it asks for.
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

TOOLS = dev.ROOT / ".release"
DIST = dev.ROOT / "dist"
PROGRAM = Path(__file__).parent / "program.py"
_TOOLS = ["build>=1.2", "cyclonedx-bom>=5", "pip-audit>=2.7", "twine>=6"]


def main(arguments: list[str]) -> int:
    """Do all steps; return 1 at the first that fails."""
    parser = argparse.ArgumentParser("python dev.py dist")
    parser.add_argument("--audit", action="store_true", help="also ask for known vulnerabilities")
    asked = parser.parse_args(arguments)
    dev.install(TOOLS, _TOOLS)
    shutil.rmtree(DIST, ignore_errors=True)
    if not _did("build", [_tool("python"), "-m", "build", "--outdir", DIST, dev.ROOT]):
        return 1
    if not _did("check", [_tool("twine"), "check", "--strict", *sorted(DIST.iterdir())]):
        return 1
    with tempfile.TemporaryDirectory(prefix="datatools-audit-release-") as made:
        return 0 if _tried(Path(made), with_audit=asked.audit) else 1


def _tried(folder: Path, *, with_audit: bool) -> bool:
    """Install the wheel where nothing else is, use it, and list what came with it."""
    clean = folder / "clean"
    (wheel,) = DIST.glob("*.whl")
    dev.install(clean, [str(wheel)])
    shutil.copy(PROGRAM, folder / "program.py")
    environment = {**os.environ, "HOME": str(folder), "DATATOOLS_AUDIT_DIR": str(folder / "logs")}
    environment["PATH"] = os.pathsep.join([str(dev.python_of(clean).parent), environment["PATH"]])
    environment.pop("PYTHONPATH", None)
    python = dev.python_of(clean)
    bill = ["--output-format", "JSON", "--output-file", DIST / "sbom.cdx.json"]
    return (
        _did("try", [python, "program.py", dev.ROOT], cwd=folder, env=environment)
        and _did("list", [_tool("cyclonedx-py"), "environment", *bill, python])
        and (
            not with_audit
            or _did("audit", [_tool("pip-audit"), "--strict", "--path", _packages(python)])
        )
    )


def _did(step: str, command: list[object], **how: object) -> bool:
    """Run a step, and say how it went and how long it took."""
    started = time.monotonic()
    done = subprocess.run(list(map(str, command)), check=False, capture_output=True, **how)  # type: ignore[call-overload]
    is_done = done.returncode == 0
    if not is_done:
        sys.stdout.write((done.stdout + done.stderr).decode("utf-8", "replace"))
    word = "done" if is_done else "failed"
    print(f"== {step} {word} {time.monotonic() - started:.0f} s", flush=True)
    return is_done


def _tool(name: str) -> Path:
    return dev.python_of(TOOLS).with_name(name)


def _packages(python: Path) -> str:
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return subprocess.check_output([python, "-c", code], text=True).strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
