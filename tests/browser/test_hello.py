"""An app that we have not written: Streamlit's own `streamlit hello`, with one line on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.live import live, visiting

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

APP = """
import runpy
from pathlib import Path

hello = Path(st.__file__).parent / "hello" / "streamlit_app.py"
runpy.run_path(str(hello), run_name="__main__")
"""
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
"""Two of its pages load data from elsewhere, and say so on the page where they cannot."""

PAGES = {
    "Animation demo": "animation_demo",  # left amid its animation
    "DataFrame demo": "dataframe_demo",
    "Plotting demo": "plotting_demo",
    "Mapping demo": "mapping_demo",
}


def test_hello_is_heard_and_undisturbed(browser: Browser, tmp_path: Path) -> None:
    """Each page is one visit; nothing fails, neither there nor in us."""
    with (
        live(tmp_path, APP, **NO_NETWORK) as server,
        visiting(browser, server, viewport={"width": 1280, "height": 900}) as visit,
    ):
        expect(visit.page.get_by_role("heading", name="Welcome to Streamlit")).to_be_visible()
        for title in PAGES:
            visit.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
            expect(visit.page.get_by_role("heading", name=title, level=1)).to_be_visible()
            expect(visit.page.get_by_test_id("stException")).to_have_count(0)
        expect(visit.page.get_by_test_id("stCode")).to_be_visible()
        visit.page.get_by_text("Show code").click()
        expect(visit.page.get_by_test_id("stCode")).to_have_count(0)
    assert ["hello", *PAGES.values()] == [r["page"] for r in visit.records("nav")]
    assert ["Changed Show code"] == visit.messages("widget")
    assert [] == visit.records("error", "hang")
    assert {"error"}.isdisjoint(r.get("outcome") for r in visit.records("run"))
