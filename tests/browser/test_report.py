"""The report in a real browser without a network: quick, to be searched, printed, and harmless."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from datatools_audit.support.report.rendering import rendered
from tests.reading.recorded import Recording
from tests.support.report.days import CODE, Office
from tests.support.report.pages import reported, reported_lines
from tests.support.report.test_rendering import HOSTILE, hostile_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from datatools_audit.support.report.model import Report

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser

EVENTS = 50_000
ACTED = "document.title = 'acted'"


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Give what opens a report offline; nothing may be loaded, and no script may fail."""
    heard: list[str] = []
    contexts = []

    def opens(report: Report, fragment: str = "", **options: object) -> Page:
        path = tmp_path / "report.html"
        path.write_text(rendered(report), "utf-8")
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        page.on("request", lambda request: heard.append(request.url))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("console", lambda message: heard.append(message.text))
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.goto(path.as_uri() + fragment)
        heard.remove(path.as_uri())
        return page

    yield opens
    for context in contexts:
        context.close()
    assert [] == heard


@pytest.fixture(scope="module")
def office() -> Report:
    return reported(Office().records())


def found(page: Page, text: str) -> None:
    """Wait for what the search says."""
    expect(page.locator("#found")).to_have_text(text)


def open_all(page: Page) -> None:
    """Open whatever can be opened."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true;")
    expect(page.locator("#list .step").last).to_be_attached()


def test_report_opens_with_many_events(opened: Open, capsys: pytest.CaptureFixture[str]) -> None:
    """50,000 events are there, and the steps of the newest session; how quickly is printed."""
    events = itertools.islice(Office(sessions=1_700).records(), EVENTS)
    page = opened(reported(events))
    expect(page.locator(".session[open] .step").first).to_be_visible()
    timing = page.evaluate(
        "() => { const n = performance.getEntriesByType('navigation')[0];"
        " const paint = performance.getEntriesByName('first-contentful-paint')[0];"
        " return {summary: paint.startTime, steps: n.domContentLoadedEventEnd}; }"
    )
    with capsys.disabled():
        said = ", ".join(f"{name} after {ms:.0f} ms" for name, ms in timing.items())
        print(f"\n{EVENTS:,} events: {said}")  # noqa: T201
    expect(page.get_by_role("link", name=f"{EVENTS:,}", exact=True)).to_have_text(f"{EVENTS:,}")
    page.locator("#text").fill("unit_price")
    expect(page.locator("mark").first).to_have_text("unit_price")
    expect(page.locator("#found")).to_have_text(re.compile(r"^\d+ steps in \d+ sessions$"))


@pytest.mark.parametrize("text", [*HOSTILE, f"<img src=x onerror={ACTED!r}>"])
def test_report_hostile_texts_do_nothing(opened: Open, text: str) -> None:
    """They are shown, found and marked as texts; nothing runs and nothing is loaded."""
    page = opened(reported_lines(hostile_lines(text), title="harmless"))
    page.locator("#text").fill(text.strip()[:40] or "logged")
    expect(page.locator("#found")).not_to_be_empty()
    page.locator("#level").select_option("Errors")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert "harmless" == page.title()
    assert 0 == page.locator("img, iframe, object, embed, link, #list script").count()


def test_report_search_and_filters_count(opened: Open, office: Report) -> None:
    """A text, a level, a category and a session together; Clear shows everything again."""
    page = opened(office)
    found(page, "281 steps in 15 sessions")
    page.locator("#text").fill("UNIT_PRICE")
    found(page, "1 step in 1 session")
    expect(page.locator("mark").first).to_have_text("unit_price")
    expect(page.locator(".session[open] .step")).to_have_count(1)
    page.locator("#text").fill("")
    page.locator("#level").select_option("Errors")
    found(page, "3 steps in 3 sessions")
    page.locator("#category").select_option("hang")
    found(page, "No step has what you look for.")
    page.locator("#level").select_option("Warnings and errors")
    found(page, "3 steps in 3 sessions")
    page.locator("#session").select_option(index=1)
    found(page, "1 step in 1 session")
    page.get_by_role("button", name="Clear").click()
    found(page, "281 steps in 15 sessions")


def test_report_leads_from_the_warnings_to_their_steps(opened: Open, office: Report) -> None:
    """The number of warnings shows the steps of that level, whatever was asked for before."""
    page = opened(office)
    page.locator("#text").fill("unit_price")
    found(page, "1 step in 1 session")
    page.locator(".tiles [data-level]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#level")).to_have_value("2")
    expect(page.locator("#list .step.warning").first).to_be_visible()
    assert 0 == page.locator("#list .step.info").count()


def test_report_leads_from_what_a_person_says_to_the_error(opened: Open, office: Report) -> None:
    """The code of the error that it is about is a link to its step."""
    page = opened(office)
    page.get_by_text("About the error").get_by_role("link").click()
    expect(page.locator(".step.here")).to_contain_text("UnicodeDecodeError")


def test_report_of_nothing_has_nothing_to_search(opened: Open) -> None:
    """Without a step there is no search and no filter."""
    page = opened(reported([]))
    expect(page.get_by_text("There is no step.")).to_be_visible()
    expect(page.locator("#controls")).to_be_hidden()


def test_report_search_finds_a_session_by_its_id(opened: Open, office: Report) -> None:
    """All of its steps, and of no other; a part of an id is a text like any other."""
    page = opened(office)
    page.locator("#text").fill(office.reports[0].newest.session.session.upper())
    found(page, f"{len(office.reports[0].newest.session.steps)} steps in 1 session")
    page.locator("#text").fill(office.reports[0].newest.session.session[:5])
    found(page, "No step has what you look for.")


def test_report_of_thousands_of_sessions_draws_a_few(opened: Open) -> None:
    """Fifty sessions and five hundred choices are made; the rest is said, and found."""
    record = Recording()
    page = opened(reported(record.click("Go", session=f"{n:08x}") for n in range(3_000)))
    found(page, "3,000 steps in 3,000 sessions")
    assert (50, 502) == (
        page.locator("#list .session").count(),
        page.locator("#session option").count(),
    )
    expect(page.locator("#session option").last).to_have_text("2,500 more: search for the id")
    page.locator("#text").fill("00000003")
    found(page, "1 step in 1 session")


def test_report_code_in_the_address_opens_its_error(opened: Open, office: Report) -> None:
    """`report.html#E-7K3F9Q` shows the step in its session, traceback open, 18 steps before it."""
    page = opened(office, f"#{CODE.lower()}")
    here = page.locator(".step.here")
    expect(here).to_be_in_viewport()
    expect(here.locator("pre")).to_contain_text("KeyError: column not found")
    expect(here).to_be_focused()
    assert "18" == here.locator("xpath=preceding-sibling::li[1]/a").inner_text()


def test_report_leads_from_an_error_to_its_steps(opened: Open, office: Report) -> None:
    """By its code, its session, and from a search by the step's number, with nothing filtered."""
    page = opened(office)
    page.locator(".card").filter(has_text="ZeroDivisionError").locator("a code").click()
    expect(page.locator(".step.here")).to_contain_text("division by zero")
    page.locator("#text").fill("unit_price")
    found(page, "1 step in 1 session")
    page.locator(".session[open] .step .number").click()
    found(page, "281 steps in 15 sessions")
    here = page.locator(".step.here")
    expect(here).to_contain_text("unit_price")
    expect(here.locator("xpath=preceding-sibling::li[1]")).to_contain_text("pressed Calculate")


def test_report_shows_a_long_session_in_parts(opened: Open) -> None:
    """From a step in the middle the earlier and the later ones are a press away."""
    record = Recording()
    page = opened(reported(record.click(f"Do {n}") for n in range(2_000)), "#a1b2c3d4.1000")
    expect(page.locator(".step.here")).to_contain_text("pressed Do 999")
    steps = page.locator("#list .step")
    expect(steps.first).to_contain_text("pressed Do 979")
    page.get_by_role("button", name="earlier of 979").click()
    expect(steps.first).to_contain_text("pressed Do 779")
    page.get_by_role("button", name="more of").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("pressed Do 1300", exact=True)).to_be_attached()
    assert steps.count() < 2_000


def test_report_by_keyboard_only(opened: Open, office: Report) -> None:
    """Search, filters and sessions are reached by Tab and opened by Enter."""
    page = opened(office)
    page.locator("#text").focus()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert ["level", "category", "session", "BUTTON", "SUMMARY", "A"] == reached
    second = page.locator(".session > summary").nth(1)
    second.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".session").nth(1).locator(".step").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_report_is_accessible(opened: Open, office: Report, scheme: str) -> None:
    """axe-core finds nothing serious, everything opened, in either theme."""
    page = opened(office, f"#{CODE}", color_scheme=scheme)
    open_all(page)
    result = Axe().run(page, options={"resultTypes": ["violations"]})
    assert [] == [
        (rule["id"], node["html"][:200])
        for rule in result.response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("log", ["office", "hostile"])
def test_report_fits_a_phone(opened: Open, office: Report, log: str) -> None:
    """At phone width nothing sticks out of the page, however long a word is."""
    report = office if log == "office" else reported_lines(hostile_lines("x" * 5_000))
    page = opened(report, f"#{CODE}", viewport={"width": 360, "height": 800})
    open_all(page)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert 0 == wide


def test_report_prints_all_that_matters(opened: Open, office: Report) -> None:
    """Tracebacks and steps are opened, controls are gone, links have no colour of their own."""
    page = opened(office)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#controls")).to_be_hidden()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.get_by_text("All of these 281 steps are printed.")).to_be_visible()
    expect(page.locator("#list .step")).to_have_count(281)
    assert 0 == page.locator("details:not([open])").count()
    assert 1 == page.evaluate(
        "new Set([...document.querySelectorAll('.card p, .card a')]"
        ".map((e) => getComputedStyle(e).color).slice(0, 3)).size"
    )
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count()


def test_report_too_long_to_print_says_so(opened: Open) -> None:
    """What is not printed is counted on the print itself."""
    record = Recording()
    page = opened(reported(record.click(f"Do {n}") for n in range(5_000)))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    said = page.get_by_text("Printed are those that were open, 200 of 5,000 steps")
    expect(said).to_be_visible()


def test_report_without_javascript(opened: Open, office: Report) -> None:
    """Summary and errors are there, with what led to them; what is not is said."""
    page = opened(office, java_script_enabled=False)
    expect(page.get_by_text("need JavaScript, which is off here")).to_be_visible()
    expect(page.get_by_role("heading", name="KeyError")).to_be_visible()
    expect(page.locator(".card.error .step").first).to_be_visible()
    expect(page.locator("#controls")).to_be_hidden()
