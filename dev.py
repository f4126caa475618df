"""Set up the project, then run, test or measure it: `python dev.py run`, `test`, `bench`….

Makes `.venv` beside this file, with uv where it is found and with venv and pip elsewhere,
and does nothing the second time unless pyproject.toml has changed. Needs Python 3.11 and
the standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"

COVERED = ("-m", "pytest", "--cov")
# Many wait for a browser or a process: three keep two processors busy.
TOGETHER = ("-n", "3", "--dist", "loadfile", "--ignore=tests/faults")
CHECKS = (
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("types", ["-m", "mypy"]),
    ("tests", [*COVERED, "--cov-report=", "--cov-fail-under=0", *TOGETHER]),
    # By themselves: they promise what an undisturbed process does on a healthy machine.
    ("faults", [*COVERED, "--cov-append", "--cov-report=term", "tests/faults"]),
)


def main(arguments: list[str]) -> int:
    """Do one command; return its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- this runs before anything is installed
        print("This needs Python 3.11 or newer; you have", sys.version.split()[0])
        return 2
    command, *rest = arguments or ["help"]
    if command in COMMANDS:
        return COMMANDS[command](rest)
    print(HELP)
    return 0 if command in ("help", "-h", "--help") else 2


HELP = """\
python dev.py run     start the demo app
python dev.py test    check format, lint and types, then run the tests;
                      with arguments: only pytest, with them
python dev.py faults  inject every fault as often as promised, 7 minutes; `test` has
                      a short form of it
python dev.py compat  test the hooks on six versions of Streamlit, 3 minutes;
                      --write puts the table into README
python dev.py bench   measure the log beside the libraries of the field, and what the
                      hooks add to Streamlit, 13 minutes; see --help
python dev.py events  write docs/events.md anew from the catalogue of records
python dev.py docs    make the site of the documents, in docs/site
python dev.py dist    build wheel and sdist, check them, try the wheel in a clean place;
                      --audit also asks for known vulnerabilities, --tag v1.2.3
                      refuses any other version
python dev.py setup   only make the environment"""


def run(rest: list[str]) -> int:
    """Start the demo app."""
    set_up("app")
    return call(["-m", "streamlit", "run", "app.py", *rest])


def faults(rest: list[str]) -> int:
    """Inject every fault as often as promised."""
    set_up("test")
    os.environ["AUDIT_FAULTS"] = "full"
    return call(["-m", "pytest", "tests/faults", *(rest or ["--durations=10"])])


def compat(rest: list[str]) -> int:
    """Test the hooks on six versions of Streamlit, each in an environment of its own."""
    return call(["-m", "tests.compat", *rest], sys.executable)


def bench(rest: list[str]) -> int:
    """Measure the log beside the libraries of the field, and the hooks."""
    set_up("bench")
    return call(["-m", "benchmarks", *rest])


def docs(rest: list[str]) -> int:
    """Make the site of the documents; a warning is an error."""
    set_up("docs")
    site = ROOT / "docs" / "site"
    return call(["-m", "sphinx", "-W", "--keep-going", "-b", "html", *rest, "docs", str(site)])


def dist(rest: list[str]) -> int:
    """Build what is released, check it, and try it where nothing else is."""
    return call(["-m", "tests.release", *rest], sys.executable)


def setup(_rest: list[str]) -> int:
    """Make the environment."""
    set_up("test")
    return 0


def events(_rest: list[str]) -> int:
    """Write docs/events.md; return the exit status."""
    set_up("test")
    command = [python_of(VENV), "-m", "datatools_audit.reading.events"]
    made = subprocess.run(command, check=False, cwd=ROOT, stdout=subprocess.PIPE)
    if made.returncode == 0:
        (ROOT / "docs" / "events.md").write_bytes(made.stdout)
    return made.returncode


def test(rest: list[str]) -> int:
    """Run every check and stop at the first that fails; with arguments only pytest."""
    set_up("test")
    if rest:
        return call(["-m", "pytest", *rest])
    for name, command in CHECKS:
        print(f"== {name}", flush=True)
        status = call(command)
        if status:
            print(f"== {name} failed", flush=True)
            return status
    return 0


def set_up(extra: str) -> None:
    """Make the environment with that extra's packages, unless it is there already."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    installed = STAMP.read_text().split() if STAMP.exists() else []
    extras = set(installed[1:]) if wanted in installed else set()
    is_sound = runs(VENV)
    if (extra in extras or (extra in ("app", "docs") and "test" in extras)) and is_sound:
        return
    tool = "uv" if shutil.which("uv") else "venv and pip"
    print(f"Setting up {VENV} with {tool}; once, some minutes.", flush=True)
    install(VENV, ["--editable", f"{ROOT}[{extra}]"])
    kept = extras if is_sound else set()
    STAMP.write_text(" ".join([wanted, *sorted({*kept, extra})]) + "\n")


def install(folder: Path, packages: list[str]) -> None:
    """Install packages into an environment, which is made anew unless it runs."""
    uv = shutil.which("uv")
    if not runs(folder):
        shutil.rmtree(folder, ignore_errors=True)
        make = [uv, "venv", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        require([*make, str(folder)], "On Debian, `apt install python3-venv` may be missing.")
    if uv:
        tool = [uv, "pip", "install", "--quiet", "--python", str(python_of(folder))]
    else:
        tool = [str(python_of(folder)), "-m", "pip", "install", "--quiet"]
        tool += ["--disable-pip-version-check"]
    require([*tool, *packages], "The packages come from PyPI: is it reachable?")


def python_of(folder: Path) -> Path:
    """Return an environment's interpreter."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def runs(folder: Path) -> bool:
    """Tell whether the environment has an interpreter that runs."""
    python = python_of(folder)
    if not python.exists():
        return False
    # uv makes an environment without pip; where uv is gone it has to be made anew.
    code = "" if shutil.which("uv") else "import pip"
    return subprocess.run([python, "-c", code], check=False, capture_output=True).returncode == 0


def require(command: list[str], hint: str) -> None:
    """Run a step of the set-up; end with a hint when it fails."""
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit(f"Setting up failed at: {' '.join(command)}\n{hint}")


def call(command: list[str], python: str | None = None) -> int:
    """Run a Python, the environment's, in the project's folder; return its exit status."""
    program = python or str(python_of(VENV))
    try:
        return subprocess.run([program, *command], check=False, cwd=ROOT).returncode
    except KeyboardInterrupt:
        return 130


COMMANDS = {
    each.__name__: each for each in (run, test, faults, compat, bench, events, docs, dist, setup)
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
