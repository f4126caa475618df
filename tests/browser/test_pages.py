"""The ways to a page: the menu, a deep link, the app's own code, the browser's buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.live import app, live, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Server
    from tests.browser.live import Visit

pytestmark = pytest.mark.browser

APP = """
def home():
    st.text("this is home")
    st.page_link(pages["secret"], label="To the secret")

def second():
    st.text("this is second")
    st.button("Once more")
    if st.button("Switch"):
        st.switch_page(pages["third"])

def third():
    st.text("this is third")

def secret():
    st.text("this is secret")

try:
    hidden = st.Page(secret, visibility="hidden")
except TypeError:  # an older Streamlit hides all of them or none
    hidden = st.Page(secret)
pages = {page.__name__: st.Page(page) for page in (home, second, third)} | {"secret": hidden}
st.navigation(list(pages.values())).run()
"""
FILE = """
st.text("this is {name}")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one server for the tests of `st.navigation`."""
    with live(tmp_path_factory.mktemp("pages"), APP) as started:
        yield started


def menu(visit: Visit, name: str) -> None:
    visit.page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()


def way(visit: Visit) -> list[tuple[str, Any]]:
    """Return each visit of a page, with the page that was left for it."""
    opened = visit.records("nav")
    for record in opened:
        assert f"Opened {record['page']}" == record["message"]
        assert ("left" in record) == ("dwell_ms" in record)
        assert record.get("dwell_ms", 0) >= 0
    return [(r["page"], r.get("left")) for r in opened]


def test_each_way_to_a_page_is_one_record(browser: Browser, server: Server) -> None:
    """Menu, rerun, `st.switch_page`, the browser's back, a link of the app's to a hidden page."""
    with visiting(browser, server) as visit:
        visit.sees("this is home")
        menu(visit, "second")
        visit.sees("this is second")
        visit.click("Once more")
        visit.click("Switch")
        visit.sees("this is third")
        visit.page.go_back()
        visit.sees("this is second")
        menu(visit, "home")
        visit.sees("this is home")
        visit.page.get_by_role("link", name="To the secret").click()
        visit.sees("this is secret")
    assert [
        ("home", None),
        ("second", "home"),
        ("third", "second"),
        ("second", "third"),
        ("home", "second"),
        ("secret", "home"),
    ] == way(visit)


def test_deep_link_to_a_hidden_page_is_its_visit(browser: Browser, server: Server) -> None:
    """The page of the address is opened, and no other before it."""
    with visiting(browser, server, "secret") as visit:
        visit.sees("this is secret")
    assert [("secret", None)] == way(visit)


def test_address_of_no_page_is_a_visit_of_the_default_page(
    browser: Browser, server: Server
) -> None:
    """Streamlit shows the default page then, and that is on record."""
    with visiting(browser, server, "nowhere") as visit:
        visit.sees("this is home")
    assert [("home", None)] == way(visit)


def test_deep_link_into_a_pages_folder(browser: Browser, tmp_path: Path) -> None:
    """The entry script has not run yet: each page instruments the app itself."""
    for name in ("one", "two"):
        app(tmp_path, FILE.format(name=name), f"pages/{name}.py")
    with (
        live(tmp_path, FILE.format(name="entry")) as server,
        visiting(browser, server, "two") as visit,
    ):
        visit.sees("this is two")
        menu(visit, "one")
        visit.sees("this is one")
        menu(visit, "live app")
        visit.sees("this is entry")
    assert [("two", None), ("one", "two"), ("live_app", "one")] == way(visit)


def test_entry_beside_a_pages_folder_is_a_page_or_none(browser: Browser, tmp_path: Path) -> None:
    """On a fresh server it is a visit, unless it calls `st.navigation`; then only what that opens.

    Its hooks come amid the first run, when Streamlit has decided on the page.
    """
    app(tmp_path, FILE.format(name="one"), "pages/one.py")
    entry = FILE.format(name="entry")
    with live(tmp_path, entry) as server, visiting(browser, server) as visit:
        visit.sees("this is entry")
    assert [("live_app", None)] == way(visit)
    entry += 'st.navigation([st.Page("pages/one.py", default=True)]).run()\n'
    with live(tmp_path, entry) as server, visiting(browser, server) as visit:
        visit.sees("this is one")
    assert [("one", None)] == way(visit)
