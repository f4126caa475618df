"""From a person in a browser to a test that fails likewise: the whole way, for many bugs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from datatools_audit import read_events
from datatools_audit.cli import main
from datatools_audit.record import strict
from tests.browser.conftest import ROOT, running
from tests.reproduce.bugs import APPS, Bug
from tests.reproduce.visit import SECONDS, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playwright.sync_api import Browser

LOGS = Path(__file__).parent / "logs"
"""What a browser has brought about, kept: the tests of it do without one."""
_SAID = re.compile(r"^(same error|another error|no error|guessed).*$", re.MULTILINE)


def record(browser: Browser, bugs: Sequence[Bug], policy: str, folder: Path) -> None:
    """Have a person come upon each bug at a live server; the logs lie below the folder.

    While one app is driven the next one's server starts.
    """
    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:

        def start(bug: Bug):  # type: ignore[no-untyped-def]
            logs = folder / bug.name
            server = running(APPS / bug.script, logs, DATATOOLS_AUDIT_VALUES=policy)
            return server, server.__enter__()

        next_one = pool.submit(start, bugs[0])
        for bug, follower in zip(bugs, [*bugs[1:], None], strict=True):
            manager, server = next_one.result()
            stack.push(manager.__exit__)
            if follower is not None:
                next_one = pool.submit(start, follower)
            _visit(browser, bug, server.address, folder / bug.name)
            server.stop()


def _visit(browser: Browser, bug: Bug, address: str, logs: Path) -> None:
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(SECONDS * 1000)
    try:
        page = context.new_page()
        page.goto(address)
        visit = Visit(page, logs)
        bug.drive(visit)
        visit.sees_error(in_browser=bug.shows)
    finally:
        context.close()


def keep(bugs: Sequence[Bug], logs: Path, folder: Path) -> None:
    """Put the logs of these bugs where tests find them, without what they say of the machine."""
    folder.mkdir(parents=True, exist_ok=True)
    for bug in bugs:
        records = [dict(record) for record in read_events(logs / bug.name)]
        for record in records:
            for name in ("cwd", "log_file", "platform", "user"):
                record.pop(name, None)
        lines = b"".join(strict.dumps(record) + b"\n" for record in records)
        (folder / f"{bug.name}.jsonl").write_bytes(lines)


def write(bugs: Sequence[Bug], logs: Path, folder: Path, apps: Path = APPS) -> None:
    """Have ``reproduce`` write a test for each bug, from its log alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for bug in bugs:
        log = logs / bug.name if (logs / bug.name).is_dir() else logs / f"{bug.name}.jsonl"
        arguments = ["reproduce", str(log), "--app", str(apps / bug.script)]
        assert 0 == main([*arguments, "-o", str(folder / f"test_{bug.name}.py"), "--force"])


def run(folder: Path) -> Mapping[str, tuple[str, str]]:
    """Run these tests as they are; return of each its outcome, and what it has printed.

    An outcome is ``passed``, ``skipped``, ``failure`` or ``error``.
    """
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    command += ["--rootdir", str(folder), f"--junitxml={report}", "-o", "junit_logging=all"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True)
    return dict(map(_outcome, ET.parse(report).iter("testcase")))


def _outcome(case: ET.Element) -> tuple[str, tuple[str, str]]:
    found = {part.tag: part for part in case}
    outcome = next((tag for tag in ("error", "failure", "skipped") if tag in found), "passed")
    said = "\n".join(each[0] for each in _SAID.finditer(case.findtext("system-out") or ""))
    if outcome in ("error", "failure") and "same error" not in said:
        said += f"\n{(found[outcome].get('message') or '')[:300]}"
    return str(case.get("classname")).removeprefix("test_"), (outcome, said.strip())


def is_same(bug: Bug, found: tuple[str, str]) -> bool:
    """Tell whether a test has failed as the app did: the same exception in the same function."""
    outcome, said = found
    same = f"same error: {bug.error} in {bug.function}"
    return outcome == "failure" and same in said.splitlines()


def mended(folder: Path, bugs: Sequence[Bug]) -> Path:
    """Copy the apps, each with its bug mended; return the copy."""
    copy = folder / "mended"
    shutil.copytree(APPS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for bug in bugs:
        script = copy / bug.faulty
        text = script.read_text("utf-8")
        assert bug.fix[0] in text, f"{bug.name}: what has to be mended is not there"
        script.write_text(text.replace(*bug.fix), "utf-8")
    return copy
