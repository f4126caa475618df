"""The site of the documents, as a reader has it in a browser."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.documents.blocks import blocks
from tests.documents.running import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, *_: object) -> None:
        """Write no line."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the site, and serve it."""
    made = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", made / "trees"]
    subprocess.run([*command, ROOT / "docs", made / "html"], check=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=made / "html")) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_site_copies_a_block_of_code(page: Page, address: str) -> None:
    """With one click, or with the keyboard, exactly as it is in the document."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/tutorial.html")
    button = page.get_by_role("button", name="Copy").nth(1)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert list(blocks(ROOT / "docs" / "tutorial.md"))[1].code == copied


def test_site_finds_what_is_searched(page: Page, address: str) -> None:
    """Without a server's help."""
    page.goto(f"{address}/index.html")
    page.get_by_role("textbox", name="Search").first.fill("support code")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="The support desk").last).to_be_visible()
    expect(page.locator("ul.search li").first).to_be_visible()


@pytest.mark.parametrize("name", ["index", "tutorial", "compare", "events", "reference"])
def test_site_fits_a_phone(name: str, page: Page, address: str) -> None:
    """A wide table or line moves within itself, and not the page."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{address}/{name}.html")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert 0 == page.evaluate(wide)
