"""Edits while the app runs: one writer, one patch, one record a thing."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from datatools_audit import read_events
from tests.browser.conftest import ROOT, serving

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    # Streamlit itself may throw modules out while an overlapping run imports them, which
    # fails the run with an ImportError; the same rule is tested without it, in process, in
    # tests/streamlit_ext/test_instrument.py.
    pytest.mark.skipif(
        "AUDIT_LIVE_RELOAD" not in os.environ,
        reason="races with Streamlit's own reload: set AUDIT_LIVE_RELOAD=1 to run it",
    ),
]

EDITS = 5
SCRIPT = """
import threading
import streamlit as st
from datatools_audit import flush_audit_log, log_event
from streamlit_ext import instrument

instrument(app="edited")
log_event("edit", "version {version}")
flush_audit_log(5)
workers = [t.name for t in threading.enumerate() if t.name == "datatools-audit-worker"]
st.text(f"version {version}, {{len(workers)}} worker, {{id(log_event)}}")
"""


def test_hot_reload_keeps_one_writer(page: Page, tmp_path: Path, log_folder: Path) -> None:
    """After each edit Streamlit loads our modules anew; the writer and the patches stay one."""
    for package in ("datatools_audit", "streamlit_ext"):
        shutil.copytree(ROOT / package, tmp_path / package)
    script = tmp_path / "edited.py"
    script.write_text(SCRIPT.format(version=0))
    seen = set()
    with serving(script, log_folder, "--server.runOnSave", "true") as address:
        page.goto(address)
        for version in range(EDITS + 1):
            line = page.get_by_text(f"version {version}, 1 worker")
            expect(line).to_be_visible()
            seen.add(line.inner_text().split()[-1])
            draft = tmp_path / "draft.txt"
            draft.write_text(SCRIPT.format(version=version + 1))
            draft.replace(script)  # one event for the watcher, never half a file
        expect(page.get_by_text(f"version {EDITS + 1}, 1 worker")).to_be_visible()
    assert len(seen) > 1, "no reload of our modules has happened"
    records = list(read_events(log_folder))
    edits = [r["message"] for r in records if r["category"] == "edit"]
    assert [f"version {n}" for n in range(EDITS + 2)] == edits
    assert 1 == len({r["proc"] for r in records}) == len({r["session"] for r in records})
