"""The tutorial, followed from an empty folder to the end, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serving
from tests.documents.blocks import blocks
from tests.documents.running import ROOT, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.documents.blocks import Block

pytestmark = pytest.mark.browser


def break_it(page: Page) -> None:
    """Do what the tutorial asks for: choose West, click the button."""
    page.get_by_role("combobox", name="Region").click()
    page.get_by_role("option", name="West").click()
    page.get_by_role("button", name="Average price").click()
    expect(page.get_by_text("ZeroDivisionError").first).to_be_visible()


def hand_over(page: Page, bundle: Path) -> None:
    """Save the bundle, by the steps that the tutorial names."""
    page.get_by_role("link", name="Diagnostics").click()
    page.get_by_role("tab", name="Hand over").click()
    page.get_by_role("button", name="Preview what will leave").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the bundle").click()
    download.value.save_as(bundle)


def test_tutorial_leads_from_an_empty_folder_to_a_test_that_passes(
    page: Page, tmp_path: Path
) -> None:
    """Every block as it is printed, every click as it is told, and each ends as it says."""
    folder, logs = tmp_path / "empty", tmp_path / "logs"
    folder.mkdir()
    environment = {"DATATOOLS_AUDIT_DIR": str(logs)}
    steps: Iterator[Block] = iter(blocks(ROOT / "docs" / "tutorial.md"))
    files = 0
    for block in steps:
        run(block, folder, environment)
        files += block.said == "file"
        if block.said == "file":
            with serving(folder / "app.py", logs) as address:
                page.goto(address)
                break_it(page)
                if files == 2:
                    expect(page.get_by_text("E-").first).to_be_visible()
                    hand_over(page, folder / "bundle.zip")
    assert 2 == files
    assert {"app.py", "bundle.zip", "report.html", "test_west.py"} <= {
        made.name for made in folder.iterdir()
    }
