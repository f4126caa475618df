"""One fresh process with one measurement, and an end to it whatever it does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.field.child import LOGS, PROGRESS, RESULT
from benchmarks.field.progress import Progress

if TYPE_CHECKING:
    from benchmarks.field.contestant import Contestant

HANGS = "hangs, killed after"
CHILD = "benchmarks.field.child"
ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = 15.0
STALL_SECONDS = 2.0
EXIT_SECONDS = 3.5
LOOK_SECONDS = 0.01


@dataclass
class Result:
    """What one process has told.

    Attributes:
        contestant: Its name.
        measurement: Its name.
        numbers: As the measurement returns them; empty when there are none.
        failed: Why there are none, or None.
        seconds: The whole process.
        exit_seconds: From the last number to the end of the process; None when it had to be
            killed.
        round: Counts up from 1.
    """

    contestant: str
    measurement: str
    numbers: dict[str, float] = field(default_factory=dict)
    failed: str | None = None
    seconds: float = 0.0
    exit_seconds: float | None = None
    round: int = 1


def measure(contestant: Contestant, measurement: str, size: str) -> Result:
    """Run the measurement in a fresh process; return after ``LIMIT_SECONDS`` at the latest."""
    result = Result(contestant.name, measurement)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / LOGS).mkdir()
        progress = Progress(folder / PROGRESS)
        with (folder / "stderr").open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", CHILD, contestant.name, measurement, name, size],
                cwd=ROOT,
                env=_environment(contestant, folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
        try:
            result.failed = _watch(process, folder, progress, measurement)
        finally:
            ended_at = time.monotonic()
            result.seconds = ended_at - began
            was_running = process.poll() is None
            _kill(process)
        if (folder / RESULT).exists():
            told = json.loads((folder / RESULT).read_text())
            result.numbers = told["numbers"]
            result.exit_seconds = None if was_running else max(0.0, ended_at - told["told_at"])
        elif result.failed is None:
            result.failed = _end(process.returncode, folder / "stderr")
    return result


def _environment(contestant: Contestant, folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATATOOLS_AUDIT_", "OTEL_", "LOGURU_"))
    }
    return {**kept, "DATATOOLS_AUDIT_DIR": str(folder / LOGS), **contestant.environment}


def _watch(
    process: subprocess.Popen[bytes], folder: Path, progress: Progress, measurement: str
) -> str | None:
    """Wait until it has ended or has to be ended; return why it never came to its numbers."""
    hangs = measurement in ("open", "write")
    until = time.monotonic() + LIMIT_SECONDS
    seen, seen_at, told_at = progress.values(), time.monotonic(), 0.0
    while process.poll() is None:
        time.sleep(LOOK_SECONDS)
        now = time.monotonic()
        if progress.values() != seen:
            seen, seen_at = progress.values(), now
        calls, blocked, stage = seen
        told_at = told_at or (now if (folder / RESULT).exists() else 0.0)
        if told_at:
            if now - told_at > EXIT_SECONDS:
                return None
        elif hangs and blocked and now - seen_at > STALL_SECONDS:
            return f"caller blocks at call {calls + 1:,}" if stage else "set-up blocks"
        elif now > until:
            return f"{HANGS} {LIMIT_SECONDS:.0f} s"
    return None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end(status: int, stderr: Path) -> str:
    if status < 0:
        return f"crashed ({signal.Signals(-status).name})"
    last = stderr.read_text(errors="replace").strip().splitlines()[-1:]
    return f"failed: {last[0] if last else f'status {status}'}"
