"""The way of a session: what its browser is, how it goes, comes back, and ends."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Server
from tests.browser.live import live, records, until, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

APP = """
import time
from datatools_audit import log_event

if st.button("Work"):
    for step in range(5_000):  # nothing of Streamlit's, where it could end the run
        log_event("work", f"step {step}")
        time.sleep(0.002)
st.session_state.setdefault("clicks", 0)
if st.button(f"I am {st.query_params.get('name', 'somebody')}"):
    st.session_state.clicks += 1
st.text(f"{st.session_state.clicks} clicks")
"""


class Network:
    """What lies between a browser and a server, and can be cut.

    Args:
        port: The server's.
    """

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection; new ones are served."""
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        """Serve nobody any more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(self._to)
            self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError), source:
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def behind_a_network(server: Server) -> Iterator[tuple[Server, Network]]:
    """Give the server as it is reached through a network."""
    host, _, port = server.address.rpartition(":")
    network = Network(int(port))
    try:
        yield replace(server, address=f"{host}:{network.port}"), network
    finally:
        network.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run one server for all tests here but one that stops its own."""
    with live(tmp_path_factory.mktemp("sessions"), APP) as started:
        yield started


def test_session_tells_its_browser_and_is_disconnected_with_it(
    browser: Browser, server: Server
) -> None:
    """What helps to find a fault of one browser is in the record of the start."""
    with visiting(
        browser, server, locale="de-DE", timezone_id="Asia/Tokyo", color_scheme="dark"
    ) as visit:
        visit.sees("0 clicks")
    assert ["Session started", "Session disconnected"] == visit.messages("session")
    assert {
        "app": "live",
        "browser": "Chrome",
        "locale": "de-DE",
        "browser_timezone": "Asia/Tokyo",
        "theme": "dark",
    }.items() <= visit.records("session")[0].items()


def test_session_that_loses_its_network_is_the_same_behind_it(
    browser: Browser, server: Server
) -> None:
    """The browser comes back by itself; what is done then is told of the same session."""
    with (
        behind_a_network(server) as (reached, network),
        visiting(browser, reached) as visit,
    ):
        visit.click("I am somebody")
        visit.sees("1 clicks")
        network.cut()
        until(lambda: "Session resumed" in visit.messages("session"))
        visit.click("I am somebody")
        visit.sees("2 clicks")
    session = visit.records("session")
    assert [
        "Session started",
        "Session disconnected",
        "Session resumed",
        "Session disconnected",
    ] == [r["message"] for r in session]
    assert session[2]["away_ms"] >= 0
    assert 2 == visit.messages("widget").count("Clicked I am somebody")


def test_two_visitors_never_mix(browser: Browser, server: Server) -> None:
    """What each of them does, by turns, is told of the own session."""
    with (
        visiting(browser, server, "?name=ann") as ann,
        visiting(browser, server, "?name=bob") as bob,
    ):
        for turn in range(1, 4):
            for visit, name in ((ann, "ann"), (bob, "bob")):
                visit.click(f"I am {name}")
                visit.sees(f"{turn} clicks")
    assert ["Clicked I am ann"] * 3 == ann.messages("widget")
    assert ["Clicked I am bob"] * 3 == bob.messages("widget")
    assert ann.session != bob.session


def test_session_ends_with_its_server(browser: Browser, tmp_path: Path) -> None:
    """Somebody stops the server while the page is open, and behind one who has left."""
    with live(tmp_path, APP) as server:
        with visiting(browser, server) as gone:
            gone.sees("0 clicks")
        with visiting(browser, server, is_heard=False) as there:
            there.sees("0 clicks")
            server.stop()
    for visit in (gone, there):
        assert ["Session started", "Session disconnected", "Session ended"] == visit.messages(
            "session"
        )


def test_run_that_outlives_its_session_begins_no_other(browser: Browser, tmp_path: Path) -> None:
    """The server is stopped amid a run: what is recorded behind the end is still that session's."""
    with live(tmp_path, APP) as server, visiting(browser, server, is_heard=False) as visit:
        visit.click("Work")
        until(lambda: visit.records("work"))
        visit.page.goto("about:blank")
        server.stop()
    assert {"Session started": 1, "Session disconnected": 1, "Session ended": 1} == Counter(
        r["message"] for r in records(server.logs, "session")
    )
    assert {visit.session} == {r["session"] for r in records(server.logs, "work")}
