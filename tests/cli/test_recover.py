"""Tests of the command, run as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from datatools_audit import __version__, read_events
from datatools_audit.writer import ringfile

KILLED = """
import os, signal
from datatools_audit import log_event
for n in range({count}):
    log_event("test", "m", n=n)
os.kill(os.getpid(), signal.SIGKILL)
"""


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    line = [sys.executable, "-m", "datatools_audit", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def die_with_events(count: int) -> None:
    """Have a process killed whose events could not be written: a file is in the folder's place."""
    code = KILLED.format(count=count)
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert -signal.SIGKILL == done.returncode


def rings_of(folder: Path) -> list[Path]:
    """Return the rings of that folder of logs; all their processes are dead."""
    found = []
    for path in ringfile.find_all():
        opened = ringfile.open_dead(path)
        if opened is not None:
            os.close(opened[0])
            found += [path] * (opened[1].folder == folder)
    return found


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of logs of its own, with a file in its place."""
    folder = tmp_path / "logs"
    folder.touch()
    monkeypatch.setenv("DATATOOLS_AUDIT_DIR", str(folder))
    return folder


def test_recover_writes_what_a_killed_process_had_queued(logs: Path) -> None:
    """Once, with a record of it, and the ring is gone; the second time there is nothing."""
    die_with_events(3)
    assert 1 == len(rings_of(logs))
    logs.unlink()
    done = command("recover")
    records = list(read_events(list(logs.iterdir())))
    assert [0, 1, 2] == [r["n"] for r in records if r["category"] == "test"]
    notes = [r for r in records if r["category"] == "audit"]
    assert [3] == [note["recovered"] for note in notes]
    died_at = notes[0]["died_at"]
    expected = f"Process {notes[0]['died_proc']}, died at {died_at}: recovered 3 events\n"
    assert (0, expected, "") == (done.returncode, done.stdout, done.stderr)
    assert [] == rings_of(logs)
    again = command("recover")
    assert (0, True) == (again.returncode, again.stdout.startswith("Nothing to recover in "))
    assert records == list(read_events(list(logs.iterdir())))


def test_recover_into_a_folder_that_cannot_be_written_keeps_the_ring(logs: Path) -> None:
    """One line on stderr, status 2, and the events are still there for the next try."""
    die_with_events(1)
    done = command("recover")
    assert (2, "", 1) == (done.returncode, done.stdout, done.stderr.count("\n"))
    assert "what is not written yet is kept" in done.stderr
    assert 1 == len(rings_of(logs))


def test_recover_takes_the_folder_from_its_option(logs: Path, tmp_path: Path) -> None:
    """`--dir` is stronger than the environment."""
    die_with_events(2)
    logs.unlink()
    other = tmp_path / "other"
    assert "Nothing to recover" in command("recover", "--dir", str(other)).stdout
    assert not other.exists()
    assert "recovered 2 events" in command("recover", "--dir", str(logs)).stdout


@pytest.mark.parametrize("arguments", [["recov"], ["--nothing"], ["recover", "--dir"]])
def test_wrong_use_is_one_line_and_status_2(arguments: list[str]) -> None:
    """What is wrong is said in one line on stderr."""
    done = command(*arguments)
    assert (2, "", 1) == (done.returncode, done.stdout, done.stderr.count("\n"))
    assert done.stderr.startswith("datatools-audit: ")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_names_each_command(arguments: list[str]) -> None:
    """Without a command, too, the help is shown."""
    done = command(*arguments)
    assert (0, True, "") == (done.returncode, "recover" in done.stdout, done.stderr)


def test_version_is_the_package_s() -> None:
    """`--version` says name and version."""
    assert f"datatools-audit, version {__version__}\n" == command("--version").stdout


def test_script_is_installed_under_the_command_s_name() -> None:
    """`datatools-audit` does what `python -m datatools_audit` does."""
    script = Path(sys.executable).with_name("datatools-audit")
    done = subprocess.run([script, "--help"], capture_output=True, text=True, check=False)
    assert command("--help").stdout == done.stdout


def test_command_imports_no_streamlit() -> None:
    """The core's command needs the core only."""
    code = "import sys, json, datatools_audit.cli; print(json.dumps(list(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "streamlit" not in json.loads(out.stdout)
