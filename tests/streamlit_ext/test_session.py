"""Our sessions: one for each of Streamlit's, and never its id."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

import datatools_audit
from datatools_audit import log_event
from streamlit_ext import session
from tests.helpers import strict_json, written_records

if TYPE_CHECKING:
    from pathlib import Path


def visit(monkeypatch: pytest.MonkeyPatch, visitor: str | None) -> None:
    """Make this thread's run that of a visitor, or no run at all."""
    context = None if visitor is None else SimpleNamespace(session_id=visitor, page_script_hash="p")
    monkeypatch.setattr(session, "run_context", lambda: context)


def test_session_two_visitors_have_two_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a visitor causes is recorded under the visitor's own session, back and forth."""
    session.use_sessions()
    for visitor in ("ann", "bob", "ann"):
        visit(monkeypatch, visitor)
        log_event("test", visitor)
    ann, bob, again = (r["session"] for r in written_records())
    assert ann == again != bob


def test_session_id_is_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The id is eight hex digits, and nothing of Streamlit's is in the file."""
    session.use_sessions()
    visit(monkeypatch, "0f9a61c2-aaaa-bbbb-cccc-dddddddddddd")
    log_event("test", "x")
    (record,) = written_records()
    assert re.fullmatch("[0-9a-f]{8}", str(record["session"]))
    text = datatools_audit.audit_log_path().read_text()
    assert not [part for part in ("0f9a61c2", "aaaa-bbbb", "dddddddd") if part in text]


def test_session_outside_of_a_run_is_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a run there is one session, the process's."""
    log_event("test", "before")
    session.use_sessions()
    visit(monkeypatch, None)
    log_event("test", "after")
    before, after = written_records()
    assert before["session"] == after["session"]


FORK = """
import os
from types import SimpleNamespace
from datatools_audit import flush_audit_log, log_event
from streamlit_ext import session

context = SimpleNamespace(session_id="ann", page_script_hash="p")
session.run_context = lambda: context
session.use_sessions()
log_event("test", "parent")
child = os.fork()
if not child:
    log_event("test", "child")
    flush_audit_log(30)
    os._exit(0)
os.waitpid(child, 0)
flush_audit_log(30)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_session_of_a_child_of_a_fork_is_its_visitors(log_folder: Path) -> None:
    """What a child process does for a visitor is that visitor's, and the process its own."""
    environment = {**os.environ, "DATATOOLS_AUDIT_DIR": str(log_folder)}
    subprocess.run([sys.executable, "-c", FORK], env=environment, check=True, timeout=60)
    (path,) = log_folder.glob("*.jsonl")
    told = [strict_json(line) for line in path.read_bytes().splitlines(keepends=True)]
    by_name = {each["message"]: each for each in told if each["category"] == "test"}
    parent, child = by_name["parent"], by_name["child"]
    assert parent["session"] == child["session"]
    assert parent["proc"] != child["proc"]


def test_session_memory_is_bounded() -> None:
    """However many visitors come, only so many sessions are remembered."""
    recorder = session.recorder
    for number in range(10_050):
        recorder.session_for(number)
    assert len(recorder.sessions) == 10_000


def test_entry_script_outside_of_a_run_is_main() -> None:
    """Without a run the interpreter's script is the app's."""
    script = session.entry_script()
    assert script is None or script.name


def app_with_an_unnamed_page() -> None:
    import streamlit as st

    from datatools_audit import log_event
    from streamlit_ext import audited_page

    @audited_page
    def named() -> None:
        log_event("test", "on the named page")
        if st.button("go", key="go"):
            st.switch_page(pages[1])

    def unnamed() -> None:
        log_event("test", "on the other page")

    pages = [st.Page(named), st.Page(unnamed)]
    st.navigation(pages).run()


def test_session_page_ends_where_another_page_begins() -> None:
    """A record on a page that nobody has named carries no page, not the last one's."""
    app = AppTest.from_function(app_with_an_unnamed_page).run()
    app.button(key="go").click().run()
    assert not app.exception
    told = [(r["message"], r.get("page")) for r in written_records() if r["category"] == "test"]
    assert [("on the named page", "named")] * 2 + [("on the other page", None)] == told


def test_session_runs_that_overlap_keep_their_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that goes on while its visitor has left the page belongs to the page it began on."""
    session.use_sessions()
    visit(monkeypatch, "ann")

    def run(slug: str) -> None:
        session.enter_run()
        log_event("test", f"before {slug}")
        session.set_page(slug)
        if slug == "slow":
            other = threading.Thread(target=run, args=("quick",))
            other.start()
            other.join()
        log_event("test", f"on {slug}")
        session.leave_run()

    slow = threading.Thread(target=run, args=("slow",))
    slow.start()
    slow.join()
    log_event("test", "later")
    found = written_records()
    assert 1 == len({record["session"] for record in found})
    assert {
        "before slow": None,
        "before quick": "slow",
        "on quick": "quick",
        "on slow": "slow",
        "later": "quick",
    } == {record["message"]: record.get("page") for record in found}
