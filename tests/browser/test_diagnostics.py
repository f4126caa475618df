"""The Diagnostics page in a real browser: what a person does there, and what nobody may."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.live import live, records, until, visiting
from tests.support.made import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Browser, Server
    from tests.browser.live import Visit

pytestmark = pytest.mark.browser

APP = """
from datatools_audit import log_event
from streamlit_ext import diagnostics_page, report_problem

def work():
    report_problem(address="help@example.org")
    st.file_uploader("Table", key="table", accept_multiple_files=True)
    st.text_input("Whose", key="whose")
    if st.button("Note it"):
        log_event("note", f"noted {st.session_state['whose']}", whose=st.session_state["whose"])
    if st.button("Fail politely"):
        st.error("It did not work")
        report_problem(address="help@example.org", key="in the box")
    if st.button("Break it"):
        raise ValueError(f"cannot work for {st.session_state['whose']}, ann@example.org")

def diagnostics():
    diagnostics_page(scope=SCOPE, address="help@example.org")

st.navigation([st.Page(work, default=True), st.Page(diagnostics)]).run()
"""
TABS = ("Timeline", "Table", "Errors", "Hand over", "What is recorded")


def app(scope: str) -> str:
    return APP.replace("SCOPE", scope)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server on which a visitor sees the own session only."""
    with live(tmp_path_factory.mktemp("shared"), app("'session'")) as started:
        yield started


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server on which everybody may see all."""
    with live(tmp_path_factory.mktemp("whole"), app("lambda: True")) as started:
        yield started


def work(visit: Visit, whose: str) -> None:
    """Do something that has a name in it, and break the page."""
    box = visit.page.get_by_role("textbox", name="Whose")
    box.fill(whose)
    box.press("Enter")
    until(lambda: "Changed Whose" in visit.messages("widget"))
    visit.click("Note it")
    until(lambda: visit.messages("note"))
    visit.click("Break it")
    expect(visit.page.get_by_test_id("stException")).to_be_visible()
    until(lambda: visit.messages("error"))


def open_diagnostics(page: Page, query: str = "") -> None:
    if query:
        page.goto(page.url.split("?")[0].rstrip("/") + query)
    else:
        page.get_by_role("link", name="diagnostics").click()
    expect(page.get_by_role("heading", name="Diagnostics", level=1)).to_be_visible()
    expect(page.get_by_role("tab", name="Timeline")).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    """Wait until no run of the script is under way."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def all_of(page: Page) -> str:
    """Return everything that the page has, hidden tabs and the cells of its tables included."""
    return page.evaluate("document.documentElement.outerHTML")


def saved(page: Page, button: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return download.value.path().read_bytes()


def test_diagnostics_tells_the_steps_in_plain_words(browser: Browser, whole: Server) -> None:
    """The steps of a session are numbered, an error opens to its traceback."""
    with visiting(browser, whole) as visit:
        work(visit, "Ann")
        open_diagnostics(visit.page)
        steps = visit.page.locator("ol.audit-steps")
        expect(steps).to_contain_text("Note it")
        error = steps.locator("details").filter(has_text="ValueError").last
        expect(error.locator("pre")).to_be_hidden()
        error.locator("summary").click()
        expect(error.locator("pre")).to_contain_text("Traceback")


def test_diagnostics_of_another_visitor_is_out_of_reach(browser: Browser, shared: Server) -> None:
    """By no filter, no address, no code and no download does a visitor get another's events."""
    with visiting(browser, shared) as ann, visiting(browser, shared) as bob:
        work(ann, "Annabel")
        work(bob, "Robert")
        (error,) = ann.records("error")
        (day,) = {log.name[10:20] for log in shared.logs.glob("*.jsonl")}
        page = bob.page
        for query in (
            "diagnostics",
            f"diagnostics?session={ann.session}",
            f"diagnostics?code={error['support_code']}",
            f"diagnostics?day={day}&session={ann.session}&code={error['support_code']}",
            "diagnostics?day=../../../../etc/passwd",
            f"diagnostics?session={ann.session}' OR '1'='1",
            "diagnostics?session[]=x&session=",
        ):
            page.goto(f"{shared.address}/{query}")
            expect(page.get_by_role("heading", name="Diagnostics", level=1)).to_be_visible()
            expect(page.get_by_role("tab", name="Timeline")).to_be_visible()
            settled(page)
            seen = all_of(page)
            assert [] == [each for each in ("Annabel", "root:x:") if each in seen], query
            mine = saved(page, "Download my session's log")
            assert b"Annabel" not in mine
            assert {json.loads(line)["session"] for line in mine.splitlines()} <= own(shared, ann)
        tab(page, "Table")
        search = page.get_by_role("textbox", name="Search")
        for text in ("Annabel", ann.session, error["support_code"]):
            search.fill(text)
            search.press("Enter")
            settled(page)
            expect(page.get_by_text("No record passes these filters.")).to_be_visible()
        tab(page, "Errors")
        page.get_by_text("Did you reload the page after an error?").click()
        code = page.get_by_role("textbox", name="Support code")
        code.fill(error["support_code"])
        code.press("Enter")
        expect(page.get_by_text(f"{error['support_code']} is not of this session")).to_be_visible()
        settled(page)
        assert "Annabel" not in all_of(page)
        tab(page, "Hand over")
        page.get_by_role("button", name="Preview what will leave").click()
        expect(page.get_by_role("heading", name="What will leave")).to_be_visible()
        bundle = saved(page, "Save the bundle")
        with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
            whole_text = b"".join(packed.read(name) for name in packed.namelist())
        assert b"Annabel" not in whole_text
        assert ann.session.encode() not in whole_text


def own(server: Server, other: Visit) -> set[str]:
    """Return every session of a server but one."""
    return {r["session"] for r in records(server.logs)} - {other.session}


def test_diagnostics_bundle_is_what_the_preview_showed(browser: Browser, whole: Server) -> None:
    """What was previewed is redacted, is what is saved, and the hand-over is on record."""
    with visiting(browser, whole) as visit:
        work(visit, "Ann")
        open_diagnostics(visit.page)
        page = visit.page
        tab(page, "Hand over")
        page.get_by_text("Texts of the app's logging").click()
        page.get_by_role("button", name="Preview what will leave").click()
        expect(page.get_by_role("heading", name="What will leave")).to_be_visible()
        bundle = saved(page, "Save the bundle")
        with zipfile.ZipFile(io.BytesIO(bundle)) as packed:
            assert NAMES == sorted(packed.namelist())
            events = packed.read("events.jsonl")
        assert b"ann@example.org" not in events
        assert b"<email-1>" in events
        (record,) = until(lambda: visit.records("download"))
        assert "Handed over a support bundle" == record["message"]
        assert len(events.splitlines()) == record["events"]


def test_diagnostics_asks_again_after_a_change(browser: Browser, whole: Server) -> None:
    """A preview holds for what was chosen then; another choice hides the button."""
    with visiting(browser, whole) as visit:
        open_diagnostics(visit.page)
        page = visit.page
        tab(page, "Hand over")
        page.get_by_role("button", name="Preview what will leave").click()
        expect(page.get_by_role("button", name="Save the bundle")).to_be_visible()
        page.get_by_text("File names", exact=True).click()
        expect(page.get_by_text("Preview it again.")).to_be_visible()
        expect(page.get_by_role("button", name="Save the bundle")).to_have_count(0)


HOSTILE = (
    "<img src=x onerror=alert(1)>.csv",
    "**b** $x$ [l](javascript:alert(1)) :red[r].csv",
    '=HYPERLINK("http:x").csv',
    "\x1b[31mred\x1b[0m.csv",
)


def test_diagnostics_shows_hostile_names_as_text(browser: Browser, whole: Server) -> None:
    """Markup, formulas and links in the name of a file do nothing anywhere on the page."""
    with visiting(browser, whole) as visit:
        page = visit.page
        said: list[str] = []
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        files = [{"name": name, "mimeType": "text/csv", "buffer": b"a\n1\n"} for name in HOSTILE]
        page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)
        until(lambda: len(visit.records("upload")) >= 2 * len(HOSTILE))
        assert 0 < len([r for r in visit.records("upload") if "<img" in r["message"]])
        open_diagnostics(page)
        steps = page.locator("ol.audit-steps")
        expect(steps).to_contain_text("<img src=x onerror=alert(1)>.csv")
        for name in TABS:
            tab(page, name)
        assert 0 == page.locator("img[src=x]").count()
        assert 0 == page.locator("a[href^=javascript]").count()
        assert 0 == page.locator(".katex").count()
        assert 0 == steps.locator("a, img, strong, script").count()
        assert [] == said


def test_diagnostics_follows_without_a_run_of_the_page(browser: Browser, whole: Server) -> None:
    """With the switch on, what others do appears; neither ticks nor own widgets are recorded."""
    with visiting(browser, whole) as watcher, visiting(browser, whole) as worker:
        open_diagnostics(watcher.page)
        until(lambda: len(watcher.records("run")) % 2 == 0)  # each run's end is there
        runs = len(watcher.records("run"))
        watcher.page.get_by_text("Follow the log").click()
        until(lambda: len(watcher.records("run")) == runs + 2)  # the switch is outside of it
        settled(watcher.page)
        metric = watcher.page.get_by_test_id("stMetric").first
        before = metric.inner_text()
        told = len(watcher.records())
        work(worker, "Carl")
        expect(metric).not_to_have_text(before)
        until(lambda: metric.inner_text() != before)
        tab(watcher.page, "Table")
        box = watcher.page.get_by_role("textbox", name="Search")
        box.fill("Carl")
        box.press("Enter")
        settled(watcher.page)
        assert [] == watcher.records("widget")
        # The first tick behind the switch may be told, as any fragment's is; no other is.
        assert ["run"] * 2 >= [r["category"] for r in watcher.records()[told:]]


def test_diagnostics_report_goes_into_the_log(browser: Browser, whole: Server) -> None:
    """A report has a code, the page, and what was written; the dialog says how to send it."""
    with visiting(browser, whole) as visit:
        page = visit.page
        work(visit, "Ann")
        page.get_by_role("button", name="Report a problem").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Report", exact=True).click()
        expect(dialog.get_by_text("Say in a few words what happened.")).to_be_visible()
        dialog.get_by_role("textbox").fill("The table stays empty, password=hunter2")
        dialog.get_by_role("button", name="Report", exact=True).click()
        expect(dialog.get_by_text("help@example.org")).to_be_visible()
        with zipfile.ZipFile(io.BytesIO(saved(page, "Save the bundle"))) as packed:
            assert b"Reported a problem" in packed.read("events.jsonl")
        (record,) = until(lambda: visit.records("report"))
        (error,) = visit.records("error")
        expect(dialog).to_contain_text(record["support_code"])
        assert ("work", True) == (record["page"], record["just_now"])
        assert error["support_code"] == record["error_code"]
        assert "The table stays empty" in record["text"]
        assert "hunter2" not in json.dumps(visit.records())


def test_report_from_an_error_box_opens(browser: Browser, whole: Server) -> None:
    """The button may be gone in the run that its click makes, and the dialog is there."""
    with visiting(browser, whole) as visit:
        page = visit.page
        visit.click("Fail politely")
        page.get_by_role("button", name="Report a problem").last.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("textbox").fill("It did not work for me")
        dialog.get_by_role("button", name="Report", exact=True).click()
        expect(dialog.get_by_text("Thank you. It is in the log.")).to_be_visible()
        (record,) = until(lambda: visit.records("report"))
        assert "It did not work for me" == record["text"]


def test_diagnostics_view_can_be_linked(browser: Browser, whole: Server) -> None:
    """The session that is looked at is in the address, and the address leads to it."""
    with visiting(browser, whole) as ann, visiting(browser, whole) as bob:
        work(ann, "Annabel")
        page = bob.page
        page.goto(f"{whole.address}/diagnostics?session={ann.session}")
        expect(page.locator("ol.audit-steps")).to_contain_text("ValueError")
        expect(page.locator("ol.audit-steps")).to_contain_text("Annabel")
        assert f"session={ann.session}" in page.url


def test_diagnostics_part_of_the_time(browser: Browser, whole: Server) -> None:
    """A part is brushed on the chart, or typed as a clock time, and all tabs follow it."""
    with visiting(browser, whole) as visit:
        work(visit, "Ann")
        open_diagnostics(visit.page)
        page = visit.page
        chart = page.get_by_test_id("stVegaLiteChart")
        expect(chart.locator("canvas, svg").first).to_be_visible()

        def brushed() -> bool:
            """Drag over the chart, which may still be laid out anew, and look at another tab."""
            tab(page, "Timeline")
            box = chart.bounding_box()
            assert box is not None
            middle = box["y"] + box["height"] * 0.6
            page.mouse.move(box["x"] + box["width"] * 0.4, middle)
            page.mouse.down()
            page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=8)
            page.mouse.up()
            page.wait_for_timeout(500)
            tab(page, "Hand over")
            return page.get_by_text("as under Timeline").is_visible()

        assert page.get_by_text("All of the chosen day.").count() == 1
        until(brushed)
        tab(page, "Timeline")
        page.get_by_test_id("stTimeInput").nth(1).get_by_role("spinbutton").first.click()
        page.keyboard.type("0000")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Nothing was done in this part of the time.")).to_be_visible()


def test_diagnostics_by_keyboard_only(browser: Browser, whole: Server) -> None:
    """Whoever has no mouse reaches the tabs, the download and the filters."""
    with visiting(browser, whole) as visit:
        open_diagnostics(visit.page)
        page = visit.page
        button = page.get_by_role("button", name="Download today's log")
        reached = []
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.innerText || ''"))
            if button.evaluate("b => b === document.activeElement"):
                break
        assert button.evaluate("b => b === document.activeElement"), reached
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.path().read_bytes()
        page.get_by_role("tab", name="Timeline").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_diagnostics_is_accessible(browser: Browser, whole: Server, scheme: str) -> None:
    """axe-core finds nothing serious in what is ours, on any tab, in either theme.

    The marks in the chart are Vega's; what they say is in the steps and in the table too.
    """
    with visiting(browser, whole, color_scheme=scheme) as visit:
        work(visit, "Ann")
        open_diagnostics(visit.page)
        page = visit.page
        found = []
        for name in TABS:
            tab(page, name)
            if name == "Hand over":
                page.get_by_role("button", name="Preview what will leave").click()
                expect(page.get_by_role("button", name="Save the bundle")).to_be_visible()
            settled(page)
            result = Axe().run(
                page,
                {
                    "include": [["[data-testid=stMain]"]],
                    "exclude": [["[data-testid=stVegaLiteChart]"]],
                },
                {"resultTypes": ["violations"]},
            )
            found += [
                (name, rule["id"], node["html"][:200])
                for rule in result.response["violations"]
                if rule["impact"] in ("serious", "critical")
                for node in rule["nodes"]
            ]
        assert [] == found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_diagnostics_fits_a_phone(
    browser: Browser, whole: Server, scheme: str, tmp_path: Path
) -> None:
    """At phone width nothing sticks out of the page, in either theme."""
    size = {"width": 390, "height": 844}
    with visiting(browser, whole, viewport=size, color_scheme=scheme) as visit:
        work(visit, "Ann")
        visit.page.goto(f"{whole.address}/diagnostics")
        expect(visit.page.get_by_role("tab", name="Timeline")).to_be_visible()
        settled(visit.page)
        for name in TABS:
            tab(visit.page, name)
            wide = visit.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert 0 == wide, name
