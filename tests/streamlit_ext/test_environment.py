"""What a browser says of itself: its family and where it is set to, no header as it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from streamlit_ext import environment as module
from streamlit_ext import instrument
from streamlit_ext.environment import browser_family, environment
from streamlit_ext.session import session_of
from tests.helpers import written_records

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
LINUX = "Mozilla/5.0 (X11; Linux x86_64)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-S921B)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"

AGENTS = [
    (f"{WINDOWS} {WEBKIT} Chrome/126.0.0.0 Safari/537.36", "Chrome"),
    (f"{ANDROID} {WEBKIT} Chrome/126.0.6478.71 Mobile Safari/537.36", "Chrome"),
    (f"{IPHONE} {APPLE} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "Chrome"),
    (f"{LINUX} {WEBKIT} HeadlessChrome/126.0.0.0 Safari/537.36", "Chrome"),
    (f"{WINDOWS} {WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.56", "Edge"),
    (f"{ANDROID} {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0.2592.56", "Edge"),
    (f"{IPHONE} {APPLE} Version/17.0 EdgiOS/126.0.2592.56 Mobile/15E148 Safari/604.1", "Edge"),
    (f"{WINDOWS} {WEBKIT} Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763", "Edge"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox"),
    ("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "Firefox"),
    (f"{IPHONE} {APPLE} FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "Firefox"),
    (f"{MAC} {APPLE} Version/17.5 Safari/605.1.15", "Safari"),
    (f"{IPHONE} {APPLE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari"),
    (f"{WINDOWS} {WEBKIT} Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0", "Opera"),
    (
        f"{ANDROID} {WEBKIT} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Samsung Internet",
    ),
    ("curl/8.5.0", "other"),
    ("python-requests/2.32.3", "other"),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "other"),
    ("", "other"),
]


@pytest.mark.parametrize(("agent", "family"), AGENTS)
def test_browser_family(agent: str, family: str) -> None:
    """A browser is known though it also names those that it descends from."""
    assert family == browser_family(agent)


@pytest.mark.parametrize("sent", [None, 5, b"Firefox/127.0"])
def test_browser_family_of_what_is_no_text(sent: object) -> None:
    """Without a text there is no family."""
    assert browser_family(sent) is None


class Context:
    """What Streamlit knows of a browser, or some of it."""

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)  # an older Streamlit


WHOLE: dict[str, Any] = {
    "headers": {"User-Agent": AGENTS[0][0], "Cookie": "secret", "X-Forwarded-For": "10.1.2.3"},
    "locale": "de-CH",
    "timezone": "Europe/Zurich",
    "theme": SimpleNamespace(type="dark"),
    "ip_address": "10.1.2.3",
    "cookies": {"secret": "secret"},
    "url": "https://example.org/?secret",
}
TOLD = {
    "browser": "Chrome",
    "locale": "de-CH",
    "browser_timezone": "Europe/Zurich",
    "theme": "dark",
}


def know(monkeypatch: pytest.MonkeyPatch, known: dict[str, Any]) -> None:
    monkeypatch.setattr(module.st, "context", Context(**known))


def test_environment_tells_four_things(monkeypatch: pytest.MonkeyPatch) -> None:
    """Browser, locale, time zone and theme; no address, no cookie, no header."""
    know(monkeypatch, WHOLE)
    assert TOLD == environment()


@pytest.mark.parametrize(
    ("lacking", "name"),
    [
        ("headers", "browser"),
        ("locale", "locale"),
        ("timezone", "browser_timezone"),
        ("theme", "theme"),
    ],
)
@pytest.mark.parametrize("how", ["missing", "None"])
def test_environment_leaves_out_what_is_not_told(
    monkeypatch: pytest.MonkeyPatch, lacking: str, name: str, how: str
) -> None:
    """One thing that a Streamlit or a browser does not tell costs no other."""
    known = {k: v for k, v in WHOLE.items() if k != lacking}
    know(monkeypatch, known if how == "missing" else known | {lacking: None})
    assert {k: v for k, v in TOLD.items() if k != name} == environment()


def test_environment_without_a_user_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not say what it is has no family."""
    know(monkeypatch, WHOLE | {"headers": {}})
    assert "browser" not in environment()


def test_environment_outside_of_a_run() -> None:
    """Where there is no browser there is nothing to tell, and nothing is raised."""
    assert {} == {k: v for k, v in environment().items() if k != "theme"}


def app_instrumented() -> None:
    from streamlit_ext import instrument

    instrument(app="shop")


def test_environment_stands_in_the_banner(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that begins in its run tells its browser, and nothing secret."""
    know(monkeypatch, WHOLE)
    AppTest.from_function(app_instrumented).run()
    (banner,) = [r for r in written_records() if r["message"] == "Session started"]
    assert TOLD == {name: banner[name] for name in TOLD}
    assert not [word for word in ("secret", "10.1.2.3", "example.org") if word in str(banner)]


def test_environment_is_not_asked_outside_of_the_visitors_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A session that is first seen by an upload has no browser at hand, least another one's."""
    know(monkeypatch, WHOLE)
    instrument(app="shop")
    session_of("somebody")
    (banner,) = [r for r in written_records() if r["message"] == "Session started"]
    assert not TOLD.keys() & banner.keys()
