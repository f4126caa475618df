"""A live server and a real browser for the tests in this folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from benchmarks.streamlit.server import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Without the background flags each start looks up hosts that a test has no use for.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def browser_path() -> str | None:
    """Return the machine's Chromium or Chrome, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


expect.set_options(timeout=60_000)  # a slow machine is no fault


@pytest.fixture(scope="package")  # its event loop has to end before the next package
def browser() -> Iterator[Browser]:
    """Start the machine's browser; skip without one, which is a failure in CI."""
    path = browser_path()
    if path is None:
        text = "no browser found: install one, on Debian by `apt install chromium`"
        if os.environ.get("CI"):
            pytest.fail(text)
        pytest.skip(text)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a visitor's own browser window."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@dataclass(frozen=True)
class Server:
    """A `streamlit run` of a script.

    Attributes:
        address: Where a browser finds it.
        process: The server's.
        logs: The folder of its log.
    """

    address: str
    process: subprocess.Popen[bytes]
    logs: Path

    def stop(self) -> None:
        """End it as a person would, by SIGTERM. Twice is once."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, so that it can do nothing more."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(script: Path, log_folder: Path, *options: str, **environment: str) -> Iterator[Server]:
    """Run `streamlit run` on a script; stop it at the end, if it still runs.

    Args:
        script: The app's entry script.
        log_folder: Where its log goes.
        options: Of the command.
        environment: Variables besides the ones that are set.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    command += options
    variables = {**os.environ, "DATATOOLS_AUDIT_DIR": str(log_folder), **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=variables)
    server = Server(f"http://127.0.0.1:{port}", process, log_folder)
    try:
        _wait_until_healthy(f"{server.address}/_stcore/health", process)
        yield server
    finally:
        server.stop()


@contextmanager
def serving(script: Path, log_folder: Path, *options: str) -> Iterator[str]:
    """Run `streamlit run` on a script; give its address."""
    with running(script, log_folder, *options) as server:
        yield server.address


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError("the server did not come up within a minute")
