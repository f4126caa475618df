"""The recorder put into an app of a folder `pages`, seen by a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from datatools_audit.cli import main
from tests.browser.conftest import running
from tests.browser.live import records, until
from tests.init.apps import APPS
from tests.init.test_apps import tree

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_init_records_an_app_from_its_first_deep_link_on(page: Page, tmp_path: Path) -> None:
    """A link to a page runs that page without the entry script, so each has the line."""
    folder, logs = tmp_path / "shop", tmp_path / "shop-logs"
    script = APPS["pages/, numbered"].write(folder)
    before = tree(folder)
    assert 0 == main(["init", str(folder), "--yes"])
    with running(script, logs) as server:
        page.goto(f"{server.address}/Upload")
        page.get_by_role("textbox", name="Name").fill("a")
        page.get_by_role("textbox", name="Name").press("Enter")
        until(lambda: records(logs, "widget"))
        assert ["Upload"] == [record["page"] for record in records(logs, "nav")]
        page.get_by_role("link", name="Diagnostics").click()
        expect(page.get_by_role("heading", name="Diagnostics", exact=True)).to_be_visible()
        expect(page.get_by_text("Opened Upload").first).to_be_visible()
        page.get_by_role("link", name="Analyze").click()
        expect(page.get_by_role("heading", name="Analyze")).to_be_visible()
    names = {record.get("app") for record in records(logs, "session")}
    assert {"shop"} == names - {None}
    assert 0 == main(["init", str(folder), "--undo", "--yes"])
    assert before == tree(folder)
