"""`python -m tests.browser.screenshots`: the pictures in `docs/`.

Those of the Diagnostics page show the demo app after somebody has uploaded a table, analyzed it,
and broken a page; that of the report an office's day.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

from datatools.loading import SAMPLE
from datatools_audit.support.report.rendering import rendered
from tests.browser.conftest import FLAGS, ROOT, browser_path, serving
from tests.browser.test_end_to_end import go_to, upload_and_break
from tests.support.report.days import Office
from tests.support.report.pages import reported

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESKTOP = {"width": 1280, "height": 1100}
PHONE = {"width": 390, "height": 844}
SHOTS = (
    ("diagnostics", "Timeline", "light", {"width": 1280, "height": 1750}),
    ("diagnostics-table", "Table", "light", DESKTOP),
    ("diagnostics-bundle", "Hand over", "dark", DESKTOP),
    ("diagnostics-phone", "Timeline", "dark", PHONE),
)


def main() -> None:
    """Take them."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        with serving(ROOT / "app.py", Path(folder)) as address:
            for name, tab, scheme, size in SHOTS:
                _take(browser, address, name, tab, scheme, size)
        _take_report(browser, Path(folder))


def _take_report(browser: Browser, folder: Path) -> None:
    path = folder / "report.html"
    path.write_text(rendered(reported(Office().records())), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.goto(path.as_uri())
    page.screenshot(path=ROOT / "docs" / "report.png")
    page.close()


def _take(
    browser: Browser, address: str, name: str, tab: str, scheme: str, size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("heading", name="DataTools", level=1)).to_be_visible()
    upload_and_break(page, SAMPLE)
    go_to(page, "Diagnostics")
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.get_by_role("tab", name=tab).click()
    if tab == "Hand over":
        page.get_by_role("button", name="Preview what will leave").click()
        expect(page.get_by_role("button", name="Save the bundle")).to_be_visible()
    expect(page.locator("ol.audit-steps").first).to_be_attached()
    _settle(page)
    page.get_by_role("tab", name=tab).scroll_into_view_if_needed()
    page.screenshot(path=ROOT / "docs" / f"{name}.png")
    context.close()


def _settle(page: Page) -> None:
    page.wait_for_timeout(2_000)  # the chart is drawn, the fonts are there


if __name__ == "__main__":
    main()
