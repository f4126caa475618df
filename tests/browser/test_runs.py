"""Runs of a live script: those that hang, those that nobody has asked for, those cut off."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, running
from tests.browser.live import SECONDS, app, live, until, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

STEPS = 500
APP = """
import os
import signal
import time
from datatools_audit import log_event

def work():
    if st.button("Sleep"):
        sleep_for(2)
        st.text("awake again")
    if st.button("Work and die"):
        for number in range(500):
            log_event("step", f"step {number}")
        os.kill(os.getpid(), signal.SIGKILL)
    st.text("at work")

def sleep_for(seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(0.05)

def clock():
    @st.fragment(run_every=0.3)
    def tick():
        ticks = st.session_state.ticks = st.session_state.get("ticks", 0) + 1
        st.text(f"tick {ticks}")

    tick()
    st.button("Ring")

def changing():
    @st.fragment(run_every=0.3)
    def tick():
        ticks = st.session_state.ticks = st.session_state.get("ticks", 0) + 1
        st.text(f"tick {ticks}")
        for number in range(ticks % 5):
            st.text_input(f"Name {number}", "x", key=f"name-{number}-{ticks}")
        st.text_input("Name", key="name")

    tick()

st.navigation([st.Page(work), st.Page(clock), st.Page(changing)]).run()
"""
IMPATIENT = {"DATATOOLS_AUDIT_HANG_SECONDS": "0.5"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one server whose hangs are told of after half a second."""
    with live(tmp_path_factory.mktemp("runs"), APP, **IMPATIENT) as started:
        yield started


def by_run(runs: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the records of each run, in the order of the starts."""
    found: dict[str, list[dict[str, Any]]] = {}
    for record in runs:
        found.setdefault(record["run_id"], []).append(record)
    return list(found.values())


def test_run_that_hangs_is_told_of_with_its_stack(browser: Browser, server: Server) -> None:
    """A start, one warning with the app's own line while it hangs, and an end to be seen."""
    with visiting(browser, server) as visit:
        visit.click("Sleep")
        visit.sees("awake again")
    start, hang, end = next(run for run in by_run(visit.records("run", "hang")) if len(run) > 2)
    assert ("debug", "run", "start") == (start["level"], start["category"], start["phase"])
    assert ("warning", "hang") == (hang["level"], hang["category"])
    assert "live_app.py" in hang["stack"]
    assert "sleep_for" in hang["stack"]
    assert ("info", "run", "end", "ok") == (
        end["level"],
        end["category"],
        end["phase"],
        end["outcome"],
    )
    assert end["duration_ms"] >= 2_000
    assert 1 == len(visit.records("hang"))


def test_ticks_of_a_fragment_are_told_once(browser: Browser, server: Server) -> None:
    """Those between two things that somebody does say nothing new."""
    with visiting(browser, server, "clock") as visit:
        expect(visit.page.get_by_text(re.compile(r"^tick ([7-9]|\d\d+)$"))).to_be_visible()
        visit.click("Ring")
        until(lambda: "Clicked Ring" in visit.messages("widget"))
    assert ["Clicked Ring"] == visit.messages("widget")
    runs = by_run(visit.records("run"))
    kinds = [("tick" if "fragments" in run[0] else "whole") for run in runs]
    assert ["whole", "tick", "whole"] == kinds[:3]
    assert len(kinds) <= 4, "more than one tick behind each run of the whole"


def test_widgets_that_come_and_go_with_a_fragment_have_not_changed(
    browser: Browser, server: Server
) -> None:
    """The browser tells what they began with besides what somebody has typed."""
    names = [f"Ann {number}" for number in range(8)]
    with visiting(browser, server, "changing") as visit:
        for name in names:
            visit.page.get_by_label("Name", exact=True).fill(name)
            visit.page.get_by_label("Name", exact=True).press("Enter")
            visit.page.wait_for_timeout(400)  # some ticks
    assert {"Changed Name"} == set(visit.messages("widget"))


def test_run_of_a_killed_server_has_no_end(browser: Browser, tmp_path: Path) -> None:
    """Behind the next start all is there that was recorded: a run that began, and no end."""
    logs = tmp_path / "logs"
    with running(app(tmp_path, APP), logs, LIVE_FAILURES=os.devnull) as server:
        with visiting(browser, server, is_heard=False) as visit:
            visit.sees("at work")
            visit.click("Work and die")
            assert -signal.SIGKILL == server.process.wait(SECONDS)
        start_again(logs)
    assert [f"step {number}" for number in range(STEPS)] == visit.messages("step")
    unclosed = [run for run in by_run(visit.records("run")) if "end" != run[-1]["phase"]]
    assert [["start"]] == [[r["phase"] for r in run] for run in unclosed]
    last = visit.records()[-1]
    assert f"step {STEPS - 1}" == last["message"]


def start_again(logs: Path) -> None:
    """Let another process begin to log into the folder."""
    code = (
        "from datatools_audit import flush_audit_log, log_event\n"
        "log_event('start', 'again')\n"
        "assert flush_audit_log(30)\n"
    )
    environment = {**os.environ, "DATATOOLS_AUDIT_DIR": str(logs)}
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, timeout=SECONDS
    )
