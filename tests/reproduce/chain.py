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
from typing import TYPE_CHECKING

from datatools_audit.cli import main
from tests.browser.conftest import ROOT, running
from tests.reproduce.bugs import APPS, Bug
from tests.reproduce.visit import SECONDS, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser

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


def write(bugs: Sequence[Bug], logs: Path, folder: Path, apps: Path = APPS) -> None:
    """Have ``reproduce`` write a test for each bug, from its log alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for bug in bugs:
        arguments = ["reproduce", str(logs / bug.name), "--app", str(apps / bug.script)]
        assert 0 == main([*arguments, "-o", str(folder / f"test_{bug.name}.py"), "--force"])


def run(folder: Path) -> Mapping[str, tuple[bool, str]]:
    """Run these tests as they are; return of each whether it failed, and what it has printed."""
    report = folder / "report.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--junitxml={report}",
    ]
    command += ["-o", "junit_logging=all", "--rootdir", str(folder), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True)
    found = {}
    for case in ET.parse(report).iter("testcase"):
        failure = case.find("failure")
        broken = case.find("error")
        said = "\n".join(each[0] for each in _SAID.finditer(case.findtext("system-out") or ""))
        why = failure if failure is not None else broken
        if why is not None and "same error" not in said:
            said += f"\n{(why.get('message') or '')[:300]}"
        name = str(case.get("classname")).removeprefix("test_")
        found[name] = failure is not None, said.strip()
    return found


def is_same(bug: Bug, outcome: tuple[bool, str]) -> bool:
    """Tell whether a test has failed as the app did: the same exception in the same function."""
    failed, said = outcome
    return failed and f"same error: {bug.error} in {bug.function}" in said.splitlines()


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
