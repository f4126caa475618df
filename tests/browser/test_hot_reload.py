"""Edits while the app runs: one writer, one patch, one record a thing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.live import live, records, visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

EDITS = 20
WHOLE = "1 worker, patches [1]"
APP = """
import threading
from datatools_audit import log_event
from streamlit_ext._compat import PLACES
from streamlit_ext._patch import _MARK

VERSION = 0

def depth(place):
    "Return how many of our patches lie on a name, one upon the other."
    owner, name = place.find()
    found, count = vars(owner)[name], 0
    while found is not None:
        count += _MARK in getattr(found, "__dict__", {})
        found = getattr(found, "__wrapped__", None)
    return count

def depths():
    for places in (places for sets in PLACES.values() for places in sets):
        for place in places:
            try:
                yield depth(place)
            except (ImportError, AttributeError):
                pass

clicks = st.session_state.setdefault("clicks", 0)
if st.button("Click", key="click"):
    clicks = st.session_state.clicks = clicks + 1
    log_event("click", f"in version {VERSION}")
workers = [t.name for t in threading.enumerate() if t.name == "datatools-audit-worker"]
patches = sorted(set(depths()))
whole = f"{len(workers)} worker, patches {patches}"
st.text(f"version {VERSION}, {clicks} clicks: {whole}, {id(log_event)}")
"""


def test_hot_reload_keeps_one_writer_and_one_patch(browser: Browser, tmp_path: Path) -> None:
    """After each edit Streamlit loads our modules anew, and each click is still one record.

    A page that says that its file has changed has let go of the modules: a click behind that
    runs the new text, and none before it, so nothing here is a race.
    """
    for package in ("datatools_audit", "streamlit_ext"):
        shutil.copytree(ROOT / package, tmp_path / package)
    loaded = set()
    options = ("--client.toolbarMode", "developer")
    with live(tmp_path, APP, *options) as server, visiting(browser, server) as visit:
        script = tmp_path / "live_app.py"
        for version in range(EDITS + 1):
            if version:
                draft = script.with_suffix(".draft")
                draft.write_text(script.read_text().replace(f"= {version - 1}\n", f"= {version}\n"))
                draft.replace(script)  # one event for the watcher, never half a file
                expect(visit.page.get_by_text("File change")).to_be_visible()
            visit.click("Click")
            line = visit.page.get_by_text(f"version {version}, {version + 1} clicks: {WHOLE}, ")
            expect(line).to_be_visible()
            loaded.add(line.inner_text().split()[-1])
    assert len(loaded) > 1, "no reload of our modules has happened"
    assert [f"in version {n}" for n in range(EDITS + 1)] == visit.messages("click")
    assert ["Clicked Click"] * (EDITS + 1) == visit.messages("widget")
    assert 1 == len({r["proc"] for r in records(server.logs)})
    assert ["Session started", "Session disconnected", "Session ended"] == visit.messages("session")
