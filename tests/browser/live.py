"""What the tests of a live app share: a visit by a browser, and what the log has of it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from playwright.sync_api import expect

from datatools_audit import read_events
from tests.browser.conftest import Server, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page


T = TypeVar("T")

SECONDS = 60
"""How long a slow machine may take for anything that a test waits for."""

HEAD = """
import streamlit_ext

streamlit_ext.instrument(app="live")

import streamlit as st
from streamlit_ext.session import current

st.text(f"session {current().id} is here")

@st.cache_resource
def tell_failures():
    import atexit, os
    from pathlib import Path
    from datatools_audit import audit_stats

    told = Path(os.environ["LIVE_FAILURES"])
    atexit.register(lambda: told.write_text(str(dict(audit_stats().internal_failures))))

tell_failures()
"""
"""The first lines of an app: they draw whose session it is, and tell what has failed in us."""


def app(folder: Path, body: str, name: str = "live_app.py", head: str = HEAD) -> Path:
    """Write an instrumented app, and return its script."""
    script = folder / name
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(head + body, "utf-8")
    return script


@contextmanager
def live(
    folder: Path, body: str, *options: str, head: str = HEAD, **environment: str
) -> Iterator[Server]:
    """Run an instrumented app; at its end nothing of ours may have failed in it."""
    script, failures = app(folder, body, head=head), folder / "failures.txt"
    environment["LIVE_FAILURES"] = str(failures)
    with running(script, folder / "logs", *options, **environment) as server:
        yield server
    assert "{}" == failures.read_text()


def until(ask: Callable[[], T]) -> T:
    """Ask until the answer is true in Python's sense, and return it."""
    deadline = time.monotonic() + SECONDS
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"still {answer!r}"
        time.sleep(0.05)
    return answer


def records(logs: Path, *categories: str, session: str | None = None) -> list[dict[str, Any]]:
    """Return the records of these categories, of one session or of all, in their order."""
    found = list(read_events(logs)) if logs.exists() else []
    assert [] == [r for r in found if "seq" not in r], "the log has a line that is no record"
    return [
        r
        for r in sorted(found, key=lambda r: (r["proc"], r["seq"]))
        if (not categories or r["category"] in categories)
        and (session is None or session == r["session"])
    ]


@dataclass
class Visit:
    """One visitor: a browser window of their own and a session of the app.

    Attributes:
        page: The window.
        logs: The folder of the server's log.
        session: The session's id in the records, as the app has drawn it.
        context: What the window belongs to; None when it is closed.
        is_heard: Whether the app is instrumented.
    """

    page: Page
    logs: Path
    session: str = ""
    context: BrowserContext | None = field(default=None, repr=False)
    is_heard: bool = True

    def records(self, *categories: str) -> list[dict[str, Any]]:
        """Return what is on record of that session."""
        return records(self.logs, *categories, session=self.session)

    def messages(self, *categories: str) -> list[str]:
        """Return the sentences of these records."""
        return [r["message"] for r in self.records(*categories)]

    def click(self, name: str) -> None:
        """Click a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, text: str) -> None:
        """Wait for a text on the page."""
        expect(self.page.get_by_text(text, exact=True).first).to_be_visible()

    def leave(self) -> None:
        """Close the window; what happened before is on record when this returns."""
        if self.context is not None:
            self.context.close()
            self.context = None
        if self.is_heard:
            until(lambda: self.messages("session")[-1:] == ["Session disconnected"])


@contextmanager
def visiting(
    browser: Browser, server: Server, path: str = "", *, is_heard: bool = True, **options: Any
) -> Iterator[Visit]:
    """Open a page of the app as a new visitor; the visitor leaves at the end.

    Args:
        browser: Any.
        server: What to visit.
        path: What follows the server's address.
        is_heard: Whether the app is instrumented.
        options: Of the browser's context.
    """
    context = browser.new_context(accept_downloads=True, **options)
    context.set_default_timeout(SECONDS * 1000)
    visit = Visit(context.new_page(), server.logs, context=context, is_heard=is_heard)
    try:
        visit.page.goto(f"{server.address}/{path}")
        drawn = visit.page.get_by_text("session ").filter(has_text="is here").first
        visit.session = drawn.inner_text().split()[1]
        yield visit
    except BaseException:
        context.close()
        raise
    visit.leave()
