"""A page in which nothing acts but its own script, whatever was recorded."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datatools_audit.record import strict
from datatools_audit.support.bundle import files
from datatools_audit.support.report.origins import Origin
from datatools_audit.support.report.rendering import is_report, rendered
from tests.reading.recorded import Recording
from tests.support.made import previewed, session_lines
from tests.support.report.days import Office
from tests.support.report.pages import Page, reported, reported_lines, told
from tests.support.test_hostile import logs

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe\u202c",
    "\u2028\u2029\x85\x7f\x00",
    "&lt;b&gt;&amp;",
    "${alert(1)}`",
    "x" * 20_000,
    "العربية שלום",
    "",
]
NAMES = [
    *("label", "key", "title", "filename", "exc_type", "exc_message", "traceback", "stack", "page"),
    *("support_code", "app", "version", "user", "browser", "platform", "text", "logger", "outcome"),
]


def hostile_lines(text: str) -> list[bytes]:
    """Return records of many kinds that have the text in every field."""
    record = Recording()
    extras = dict.fromkeys(NAMES, text) | {"timezone": text, "dropped": 1, text: text}
    kinds = [
        *("session", "nav", "widget", "upload", "download", "run", "error", "log", "report"),
        *("hang", "audit", "order", text),
    ]
    made = [
        record(kind, text, **extras, level=level, session=session)
        for kind in kinds
        for level in ("info", "error")
        for session in ("a1b2c3d4", text)
    ]
    return [strict.dumps(each) + b"\n" for each in made] + [text.encode() + b"\n"]


def shape(page: Page) -> set[tuple[str, tuple[str, ...]]]:
    """Return which elements there are, with which attributes."""
    return {(tag, tuple(sorted(attributes))) for tag, attributes in page.elements}


@pytest.mark.parametrize("text", HOSTILE)
def test_page_has_no_element_of_what_was_recorded(text: str) -> None:
    """Its elements and attributes are those of a harmless log, its scripts are two."""
    origin = Origin(text, note=text, environment={text: text}, redactions={text: 1})
    page = Page(rendered(reported_lines(hostile_lines(text), origin, title=text)))
    harmless = Page(rendered(reported_lines(hostile_lines("plain"), origin, title="plain")))
    known = shape(harmless) | shape(Page(rendered(reported(Office().records()))))
    assert set() == shape(page) - known
    assert ["application/json", None] == [
        attributes.get("type") for tag, attributes in page.elements if tag == "script"
    ]
    assert 2 == len(page.scripts)


@pytest.mark.parametrize("text", HOSTILE)
def test_page_has_addresses_of_its_own_only(text: str) -> None:
    """Each link leads into the page."""
    page = Page(rendered(reported_lines(hostile_lines(text))))
    addresses = {attributes.get("href") for tag, attributes in page.elements if tag == "a"}
    assert addresses
    assert all(address and address.startswith("#") for address in addresses)
    assert not {"src", "style", "action", "srcset"} & {n for _, a in page.elements for n in a}


def test_page_has_data_in_which_nothing_ends_its_element() -> None:
    """The JSON has no sign that HTML or an old script reader knows, and is what it was."""
    text = "</script><!--&\u2028\u2029\x7f"
    record = Recording()
    made = rendered(reported([record.click(text)]))
    (raw,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', made)
    assert not set(raw) & set("<>&\u2028\u2029\x7f")
    assert ["pressed </script><!--&"] == told(Page(made))


def test_page_allows_its_own_style_and_script_only() -> None:
    """The policy names both by their hashes, and no place to load anything from."""
    made = rendered(reported([]))
    (policy,) = (a["content"] or "" for _, a in Page(made).elements if "http-equiv" in a)
    (style,) = re.findall(r"<style>(.*?)</style>", made, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", made, re.DOTALL)
    for kind, text in (("style", style), ("script", script)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    assert [] == re.findall(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)
    assert [] == re.findall(r"url\(|@import|https?:", style + script)


def test_page_is_the_same_for_the_same() -> None:
    """No clock and no chance is in it."""
    assert rendered(reported(Office().records())) == rendered(reported(Office().records()))


def test_page_tells_without_a_script_what_went_wrong() -> None:
    """Summary, errors with traceback and the steps before, environment, and what is missing."""
    page = Page(rendered(reported(Office().records())))
    for words in (
        "Errors 3 Hangs 3 Reported 1 Warnings 14 Sessions 15 Events 430 Complete no",
        "Ran on Streamlit 1.54.0, Python 3.12.4, Linux 6.8.0 x86_64, in Edge / Chrome / Firefox.",
        "KeyError column not found: 'unit_price' in datatools/profile.py line 41",
        'File "pages/analyze.py", line 88, in draw',
        "The 18 steps before",
        "uploaded prices.csv, 6.9 MB",
        "“I only wanted the average per region, and then the red box came.” 2026-05-19 13:05:00,",
        "About the error E-000002: UnicodeDecodeError: 'utf-8' codec can't decode byte 0xfc",
        "Hung in pages/analyze.py, export \N{MULTIPLICATION SIGN}3",
        "3 records were dropped, as the log itself says.",
        "Recovered 12 records of a process that was killed",
        "Linux 6.8.0 x86_64",
        "need JavaScript, which is off here",
        "All times are the server's, UTC+02:00 (CEST).",
    ):
        assert words in page.text, words


def test_page_has_every_step_for_its_script() -> None:
    """Each text stands in the data once, and the steps are those of the report."""
    found = reported(Office().records())
    page = Page(rendered(found))
    assert len(set(page.data["texts"])) == len(page.data["texts"])
    assert 281 == len(told(page)) == sum(len(session.steps) for session in found.sessions)
    assert 7_200_000 == page.data["offset_ms"]


def test_page_says_whether_it_was_redacted() -> None:
    """A log as it is, a bundle, and what was replaced for this page are told apart."""
    record = Recording()
    plain = Page(rendered(reported([record.click("Go")]))).text
    assert "From log.jsonl, a log as it was recorded: nothing in it was redacted" in plain
    origin = Origin("bundle.zip", is_bundle=True, redactions={"email": 1200}, note="It was red")
    bundle = Page(rendered(reported([record.click("Go")], origin=origin))).text
    assert "From bundle.zip, redacted when the bundle was made: email 1,200." in bundle
    assert "It was red says the sender of bundle.zip" in bundle


def test_page_of_nothing_is_a_page() -> None:
    """No record at all is said in its place."""
    page = Page(rendered(reported([])))
    assert "There is no event in it." in page.text
    assert "Errors 0 Warnings 0 Sessions 0 Events 0 Complete unknown" in page.text
    assert "No error is in it." in page.text
    assert "There is no step." in page.text
    assert "There is no record in it." in page.text
    assert "By category" not in page.text
    assert [] == page.data["sessions"]


def test_page_is_known_by_its_beginning() -> None:
    """So another may take its place, and no other file is replaced."""
    assert is_report(rendered(reported([])).encode()[:1024])
    assert not is_report(b"<!doctype html><html><head><title>notes</title>")
    assert not is_report(b"")


@settings(max_examples=150, deadline=None)
@given(lines=logs, about=st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
def test_page_of_anything_is_a_page(lines: list[bytes], about: dict[str, Any]) -> None:
    """Whatever a log holds there is a page, and every record and step is in its data."""
    whole = [line + b"\n" for line in lines if b"\n" not in line and line.strip()]
    found = reported_lines(whole, Origin("x", environment=about), title="</title>")
    page = Page(rendered(found))
    assert 2 == len(page.scripts)
    assert found.events == sum(session["events"] for session in page.data["sessions"])
    assert sum(len(session.steps) for session in found.sessions) == len(told(page))


def test_bundle_has_a_report_of_exactly_its_events() -> None:
    """What is redacted or left out is in the report as it is in the events."""
    found = previewed(session_lines(), filenames=False)
    packed = files(found, {"app": "Shop", "owner": "ann@shop.example"}, note="see E-H8ME3S")
    page = Page(packed["report.html"].decode())
    text = page.text + "".join(page.scripts)
    assert "anna@shop.example" not in text
    assert "ann@shop.example" not in text
    assert "customers.csv" not in text
    assert "From events.jsonl, redacted when the bundle was made: email" in page.text
    assert "see E-H8ME3S" in page.text
    assert "uploaded <left out>, 24.8 kB" in told(page)
    assert json.loads(packed["manifest.json"])["files"]["report.html"]["bytes"] == len(
        packed["report.html"]
    )
