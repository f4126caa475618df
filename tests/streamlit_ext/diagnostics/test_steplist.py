"""The list of steps is HTML in which nothing from the log acts."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit.reading.steps import Step
from streamlit_ext.diagnostics.steplist import STYLE, as_html, gap_text

ALLOWED = {"ol", "li", "span", "time", "div", "b", "details", "summary", "pre", "style"}
ATTRIBUTES = {
    ("class", "audit-steps"),
    ("class", "number"),
    ("class", "quiet"),
    ("class", "gap"),
    ("class", "what"),
    ("class", "what bad"),
    ("tabindex", "0"),
    *(("style", f"margin-left:{depth * 1.5}em") for depth in range(9)),
}


class Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[tuple[str, str | None]] = set()
        self.others: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.is_closed = not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= set(attrs)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def a_step(**fields: object) -> Step:
    """Return a step like any other but for these fields."""
    usual: dict[str, object] = {
        "number": 1,
        "ts": "2026-05-19T14:02:11.000+00:00",
        "verb": "uploaded",
        "subject": "a.csv",
        "rest": ", 5 B",
        "depth": 0,
        "times": 1,
        "gap_seconds": 0.0,
        "duration_ms": None,
        "level": "info",
        "records": (),
        "traceback": "",
        "code": "",
    }
    return Step(**{**usual, **fields})  # type: ignore[arg-type]


HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</pre></details><img src=x onerror=alert(1)>",
            "' onclick='alert(1)",
            '"><a href="javascript:alert(1)">x</a>',
            "<!-- <style> ]]> <?php",
            "</style><b>",
            "&lt;b&gt;&#60;i&#62;",
            "[x](javascript:alert(1)) $x$ :red[x]",
            "\x1b[31m\u202e\x00\ud800",
        ]
    ),
)
STEPS = st.builds(
    a_step,
    ts=HOSTILE,
    verb=HOSTILE,
    subject=HOSTILE,
    rest=HOSTILE,
    traceback=HOSTILE,
    code=HOSTILE,
    level=HOSTILE | st.just("error"),
    depth=st.integers(0, 30),
    times=st.integers(1, 3),
    gap_seconds=st.floats(0, 1e9),
)


@given(st.lists(STEPS, max_size=4))
def test_steplist_is_of_our_own_tags(found: list[Step]) -> None:
    """Only these tags occur, each closed, and no attribute comes from a record."""
    seen = Seen(as_html(found))
    assert set() == set(seen.tags) - ALLOWED
    assert set() == seen.attributes - ATTRIBUTES
    assert ([], True) == (seen.others, seen.is_closed)
    assert len(found) == seen.tags.count("li")


@given(HOSTILE, HOSTILE)
def test_steplist_can_be_sent(subject: str, traceback: str) -> None:
    """Whatever a log holds, the page is text in UTF-8."""
    assert as_html([a_step(subject=subject, traceback=traceback)]).encode("utf-8")


def test_steplist_says_all_of_a_step() -> None:
    """Number, time, words, how often, code and traceback are all shown as text."""
    step = a_step(
        subject="<b>", times=3, code="E-AAAAAA", traceback="File <x>\n  & more", level="error"
    )
    text = Seen(as_html([step]).removeprefix(STYLE)).text
    words = (
        "1",
        "uploaded <b>",
        "\N{MULTIPLICATION SIGN}3",
        ", 5 B",
        "E-AAAAAA",
        "File <x>\n  & more",
    )
    assert [] == [word for word in words if word not in text]


def test_steplist_reads_as_the_step_does() -> None:
    """The list says the same sentence as the step's own text, the number of times included."""
    step = a_step(times=3)
    assert step.text in Seen(as_html([step]).removeprefix(STYLE)).text


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59.9, None),
        (60, "1 minute"),
        (75, "1 minute"),
        (120, "2 minutes"),
        (5_400, "1.5 hours"),
    ],
)
def test_steplist_shows_long_gaps(seconds: float, expected: str | None) -> None:
    """A pause of a minute and more is told between the steps."""
    text = Seen(as_html([a_step(gap_seconds=seconds)]).removeprefix(STYLE)).text
    assert (expected is not None) == ("later" in text)
    assert expected is None or text.startswith(f"{expected} later")


def test_steplist_gap_text_is_in_words() -> None:
    """One of something is not said as many."""
    assert ["1 second", "1 minute", "2.0 hours"] == [gap_text(s) for s in (1, 60, 7_200)]


def test_steplist_of_several_days_says_which() -> None:
    """Above the first step of each day stands its date; of one day none does."""
    days = [a_step(ts=f"2026-05-{day}T12:00:00.000+00:00") for day in (18, 18, 19)]
    html = as_html(days)
    assert [1, 1] == [html.count(f"2026-05-{day}") for day in (18, 19)]
    assert "2026-05-18" not in as_html(days[:2])


def test_steplist_opens_the_step_that_is_asked_for() -> None:
    """The traceback of a chosen error is there to be read, the others are closed."""
    steps = [a_step(number=n, traceback=f"trace {n}") for n in (1, 2)]
    assert ["<details>", "<details open>"] == re.findall("<details[^>]*>", as_html(steps, opened=2))
