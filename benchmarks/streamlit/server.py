"""A live `streamlit run` on this machine, and what it uses of it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
STOP_SECONDS = 20
OPTIONS = {
    "server.address": "127.0.0.1",
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "logger.level": "error",
}


@dataclass(frozen=True)
class Server:
    """A server that answers.

    Attributes:
        address: `http://127.0.0.1:<port>`.
        pid: Its process.
    """

    address: str
    pid: int

    def resident_mb(self) -> float:
        """Return the memory that it has in RAM, megabytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Return the processor time that all threads of a process have had; Linux only."""
    return time.clock_gettime(~pid << 3 | 2)  # what clock_getcpuclockid(3) makes of it


def free_port() -> int:
    """Return a port that nobody listens on.

    It is below those that the system gives out, of which the next who asks, or any connection,
    may get the same before our server has it.
    """
    while True:
        port = 10_000 + secrets.randbelow(22_000)
        with contextlib.suppress(OSError), socket.socket() as free:
            free.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(script: Path, log_folder: Path, session_ttl_seconds: int = 120) -> Iterator[Server]:
    """Run a script's server; stop it by SIGTERM.

    Args:
        script: The app.
        log_folder: Where our log goes.
        session_ttl_seconds: For how long Streamlit remembers a visitor who has left.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    for name, value in OPTIONS.items():
        command += [f"--{name}", value]
    command += ["--server.disconnectedSessionTTL", str(session_ttl_seconds)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(log_folder), stdout=subprocess.DEVNULL
    )
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        _wait_until_healthy(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment(log_folder: Path) -> dict[str, str]:
    """Return the variables of a process that runs an app of this folder."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith("DATATOOLS_AUDIT_")}
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(paths),
        "DATATOOLS_AUDIT_DIR": str(log_folder),
        "BENCH_EVENTS": str(log_folder / "events.jsonl"),
    }


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up within a minute")
