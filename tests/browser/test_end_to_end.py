"""The whole way, as a person goes it: upload, analyze, an error, Diagnostics, the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from datatools.loading import SAMPLE
from datatools_audit import read_events
from tests.browser.conftest import ROOT, serving

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def go_to(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def but_runs(log: Path) -> list[dict[str, Any]]:
    """Return what is on record, but for the runs of the script, which nobody does by hand."""
    return [r for r in read_events(log) if r["category"] != "run"]


def upload_and_break(page: Page, file: Path) -> None:
    """Upload a table, analyze it, and calculate what the page cannot draw."""
    go_to(page, "Upload")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.get_by_role("link", name="Analyze it")).to_be_visible()
    go_to(page, "Analyze")
    page.get_by_role("button", name="Analyze").click()
    expect(page.get_by_text("Duplicate rows")).to_be_visible()
    page.get_by_role("textbox", name="Expression").fill("1 + 2")
    page.get_by_role("button", name="Calculate").click()
    expect(page.get_by_text("Something went wrong here.")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_contain_text("AttributeError")


def test_whole_way_from_upload_to_the_downloaded_log(
    page: Page, tmp_path: Path, log_folder: Path
) -> None:
    """What a person did is on the Diagnostics page, and the downloaded bytes are the file's."""
    table = tmp_path / "my penguins.csv"
    table.write_bytes(SAMPLE.read_bytes())
    with serving(ROOT / "app.py", log_folder) as address:
        page.goto(address)
        expect(page.get_by_role("heading", name="DataTools", level=1)).to_be_visible()
        upload_and_break(page, table)
        go_to(page, "Diagnostics")
        expect(page.get_by_text("Healthy.")).to_be_visible()
        expect(page.get_by_test_id("stMetric").nth(1)).to_contain_text("1")
        error = page.locator("ol.audit-steps details").last
        expect(error.locator("summary")).to_contain_text("AttributeError")
        expect(error.locator("pre")).to_contain_text("pages/analyze.py")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download today's log").click()
        copy = tmp_path / download.value.suggested_filename
        download.value.save_as(copy)
        (log,) = log_folder.iterdir()
        assert (log.name, log.read_bytes()) == (copy.name, copy.read_bytes())
    told = [(r["category"], r["message"]) for r in but_runs(copy)]
    assert [
        ("session", "Session started"),
        ("nav", "Opened home"),
        ("nav", "Opened upload"),
        ("upload", "Uploaded my penguins.csv"),
        ("widget", "Changed Choose a file"),
        ("upload", "Used my penguins.csv"),
        ("load", "load started"),
        ("load", "load finished"),
        ("nav", "Opened analyze"),
        ("widget", "Clicked Analyze"),
        ("analyze", "analyze started"),
        ("analyze", "analyze finished"),
        ("widget", "Changed Expression"),
        ("widget", "Clicked Calculate"),
        ("calculate", "calculate started"),
        ("calculate", "calculate failed: AttributeError"),
        ("error", "In analyze: AttributeError: 'int' object has no attribute 'rename'"),
        ("nav", "Opened diagnostics"),
        ("download", "Handed over the log"),
    ] == told


def test_deep_link_on_a_fresh_server_is_recorded(page: Page, log_folder: Path) -> None:
    """The first address asked for may be a page's own: the app is whole and instrumented."""
    with serving(ROOT / "app.py", log_folder) as address:
        page.goto(f"{address}/diagnostics")
        expect(page.get_by_role("heading", name="Diagnostics", level=1)).to_be_visible()
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("Upload")
        expect(page.get_by_test_id("stMetric").first).to_contain_text("2")
        page.close()  # it would come back to a server that is about to end
    assert [
        "Session started",
        "Opened diagnostics",
        "Session disconnected",
    ] == [r["message"] for r in but_runs(log_folder)][:3]  # Streamlit may end it behind `atexit`


def test_two_visitors_see_only_their_own(
    browser: Browser, tmp_path: Path, log_folder: Path
) -> None:
    """On a session-scoped page each visitor sees and downloads the own lines, byte for byte."""
    script = tmp_path / "shared.py"
    script.write_text(
        "import streamlit as st\n"
        "from datatools_audit import log_event\n"
        "from streamlit_ext import diagnostics_page, instrument\n"
        "instrument(app='shared')\n"
        "name = st.query_params['name']\n"
        "if 'seen' not in st.session_state:\n"
        "    st.session_state['seen'] = True\n"
        "    log_event('visit', f'I am {name}')\n"
        "diagnostics_page()\n"
    )
    got = {}
    with serving(script, log_folder) as address:
        for name in ("ann", "bob"):
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{address}/?name={name}")
            with page.expect_download() as download:
                page.get_by_role("button", name="Download my session's log").click()
            copy = tmp_path / name
            download.value.save_as(copy)
            got[name] = copy.read_bytes()
            context.close()
    (log,) = log_folder.iterdir()
    ann, bob = ([r["message"] for r in read_events(tmp_path / n)] for n in ("ann", "bob"))
    assert ("I am ann" in ann, "I am bob" in ann) == (True, False)
    assert ("I am bob" in bob, "I am ann" in bob) == (True, False)
    assert set(got["ann"].splitlines() + got["bob"].splitlines()) <= set(
        log.read_bytes().splitlines()
    )
