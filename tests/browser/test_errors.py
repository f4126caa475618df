"""Errors of a live app, wherever they happen: one record each, with a code for support."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import running
from tests.browser.live import HEAD, app, live, records, until, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Server
    from tests.browser.live import Visit

pytestmark = pytest.mark.browser

APP = """
import threading
from streamlit.runtime.scriptrunner import add_script_run_ctx

def fail(where):
    raise LookupError(f"in the {where}")

@st.fragment
def part():
    if st.button("Fragment"):
        fail("fragment")

@st.dialog("Question")
def ask():
    if st.button("Dialog"):
        fail("dialog")

st.session_state.runs = st.session_state.get("runs", 0) + 1
st.button("Callback", on_click=fail, args=("callback",))
part()
if st.button("Ask"):
    ask()
if st.button("Threads"):
    known = threading.Thread(target=fail, args=("known thread",), name="known")
    unknown = threading.Thread(target=fail, args=("unknown thread",), name="unknown")
    add_script_run_ctx(known)
    for thread in (known, unknown):
        thread.start()
        thread.join()
if st.button("Stop"):
    st.stop()
if st.button("Rerun"):
    st.rerun()
if st.button("Body"):
    fail("body")
st.text(f"drawn in run {st.session_state.runs}")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the app."""
    return tmp_path_factory.mktemp("errors")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """Run one server that shows codes and runs a script again that was edited."""
    head = HEAD.replace('app="live"', 'app="live", show_codes=True')
    with live(folder, APP, "--server.runOnSave", "true", head=head) as started:
        yield started


def told(errors: list[dict[str, Any]]) -> list[str]:
    """Return what each error says; each has a code of its own."""
    codes = [r["support_code"] for r in errors]
    assert len(codes) == len(set(codes))
    assert all(code.startswith("E-") for code in codes)
    return [f"{r['exc_type']}: {r['exc_message']}" for r in errors]


def shows(visit: Visit, text: str) -> None:
    """Wait for the box of an error."""
    expect(visit.page.get_by_test_id("stException").filter(has_text=text)).to_be_visible()


@pytest.mark.parametrize("where", ["Body", "Callback", "Fragment", "Dialog"])
def test_error_is_one_record_whose_code_is_shown(
    browser: Browser, server: Server, where: str
) -> None:
    """The page says the very code by which the record is found."""
    with visiting(browser, server) as visit:
        visit.sees("drawn in run 1")
        if where == "Dialog":
            visit.click("Ask")
        visit.click(where)
        shows(visit, f"in the {where.lower()}")
        shown = visit.page.get_by_text("If you ask for help, give this code: ").inner_text()
    errors = visit.records("error")
    assert [f"LookupError: in the {where.lower()}"] == told(errors)
    assert shown.endswith(errors[0]["support_code"])


def test_stop_and_rerun_are_no_errors(browser: Browser, server: Server) -> None:
    """They only look like exceptions."""
    with visiting(browser, server) as visit:
        visit.sees("drawn in run 1")
        visit.click("Rerun")
        visit.sees("drawn in run 3")
        visit.click("Stop")
        expect(visit.page.get_by_text("drawn in run")).not_to_be_visible()
    assert [] == visit.records("error")
    assert ["Clicked Rerun", "Clicked Stop"] == visit.messages("widget")
    assert ["ok", "interrupted", "ok", "ok"] == [
        r["outcome"] for r in visit.records("run") if r["phase"] == "end"
    ]


def test_error_of_a_thread_of_the_app(browser: Browser, server: Server) -> None:
    """It is its visitor's where the app has said whose thread it is, else the process's."""
    with visiting(browser, server) as visit:
        visit.click("Threads")
        until(lambda: b"unknown thread" in b"".join(f.read_bytes() for f in server.logs.iterdir()))
    assert ["LookupError: in the known thread"] == told(visit.records("error"))
    (unknown,) = (r for r in records(server.logs, "error") if "unknown" in r["message"])
    assert "In thread unknown: LookupError: in the unknown thread" == unknown["message"]
    assert visit.session != unknown["session"]


def test_script_that_cannot_be_compiled(browser: Browser, server: Server, folder: Path) -> None:
    """Somebody edits the running app into nonsense and back: one error, and it goes on."""
    script = folder / "live_app.py"
    whole = script.read_text()
    with visiting(browser, server) as visit:
        visit.sees("drawn in run 1")
        replace(script, whole + "\nif so\n")
        box = visit.page.get_by_role("dialog")
        expect(box).to_contain_text("SyntaxError")
        box.get_by_role("button", name="Close").last.click()
        replace(script, whole + '\nst.text("whole again")\n')
        visit.sees("whole again")
        replace(script, whole)
    (error,) = visit.records("error")
    assert "Cannot compile: SyntaxError: " in error["message"]
    assert ["SyntaxError"] == [text.split(":")[0] for text in told([error])]


def replace(script: Path, text: str) -> None:
    """Write a script so that a watcher never sees half of it."""
    draft = script.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(script)


SERVED = """
import streamlit as st
import streamlit_ext

def handler(exc):
    st.text(f"own words: {exc}")
    return True

app = st.App("live_app.py", on_script_error=streamlit_ext.on_script_error%s)
"""
PERHAPS = HEAD.replace(
    'streamlit_ext.instrument(app="live")',
    'import streamlit\nif "hear" in streamlit.query_params:\n'
    '    streamlit_ext.instrument(app="live")',
)


@pytest.mark.skipif("not hasattr(__import__('streamlit'), 'App')", reason="no st.App before 1.57")
@pytest.mark.parametrize("chained", ["", "(handler)"], ids=["alone", "chained"])
def test_handler_of_an_app_object_records_once(
    browser: Browser, tmp_path: Path, chained: str
) -> None:
    """Streamlit's own way to hear errors: one record each, with the hooks or without."""
    app(tmp_path, APP, head=PERHAPS)
    script = app(tmp_path, SERVED % chained, "served.py", head="")
    with running(script, tmp_path / "logs", LIVE_FAILURES=os.devnull) as server:
        with visiting(browser, server, is_heard=False) as alone:
            break_each(alone, chained)
            until(lambda: len(alone.records("error")) > 2)
        with visiting(browser, server, "?hear=1") as both:
            break_each(both, chained)
    expected = [f"LookupError: in the {where}" for where in ("fragment", "body", "callback")]
    assert expected == told(alone.records("error"))
    assert expected == told(both.records("error"))
    assert 6 == len(records(server.logs, "error"))


def break_each(visit: Visit, chained: str) -> None:
    """Break what can be broken; behind a callback that fails no button is drawn any more."""
    visit.sees("drawn in run 1")
    for where in ("Fragment", "Body", "Callback"):
        visit.click(where)
        if chained:
            visit.sees(f"own words: in the {where.lower()}")
        else:
            shows(visit, f"in the {where.lower()}")
    expect(visit.page.get_by_test_id("stException")).to_have_count(0 if chained else 1)
