"""A download is one record with the file's name, size and type, however it is asked for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.testing.v1 import AppTest

import datatools_audit
from streamlit_ext.elements import drawers_of, remember_download
from streamlit_ext.hooks import downloads
from streamlit_ext.session import session_of
from tests.helpers import written_records
from tests.streamlit_ext.browser import VERSION, VISITOR, send
from tests.streamlit_ext.conftest import by_category

APP = """
import streamlit as st
from streamlit_ext import instrument
instrument(app="shop", **{policy!r})
{draw}
"""
RERUN = "st.download_button('Save', b'secret rows', 'a.csv', 'text/csv', key='key')"
IGNORED = "st.download_button('Save', b'1234', 'a.csv', 'text/csv', key='key', on_click='ignore')"
TWIN = IGNORED.replace("1234", "secret rows").replace("key='key'", "key='twin'")
DEFERS = pytest.mark.skipif(VERSION < (1, 52), reason="this Streamlit defers no download")
CLICK = {"trigger_value": True}


@pytest.fixture
def media(monkeypatch: pytest.MonkeyPatch) -> MediaFileManager:
    """Give the media of a server that lives as long as its visitors, as AppTest's does not."""
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    monkeypatch.setattr("streamlit.testing.v1.app_test.MediaFileManager", lambda _: manager)
    runtime = SimpleNamespace(media_file_mgr=manager)
    monkeypatch.setattr("streamlit_ext._compat.get_instance", lambda: runtime)
    return manager


def open_app(draw: str, **policy: Any) -> AppTest:
    app = AppTest.from_string(APP.format(draw=draw, policy=policy)).run()
    assert not app.exception
    return app


def address(app: AppTest) -> str:
    """Return what a browser asks for: the last part of the button's address."""
    return str(app.get("download_button")[0].proto.url).rpartition("/")[2]


def save(app: AppTest) -> None:
    """Ask for the button's file as a browser does that saves it."""
    asked = SimpleNamespace(method="GET", headers={"Sec-Fetch-Mode": "navigate"})
    asked.path = f"/media/{address(app)}"
    downloads.hear_fetch(asked)


def look(app: AppTest) -> None:
    """Ask for the button's file as Streamlit's page does, to see whether it is there."""
    asked = SimpleNamespace(method="GET", headers={"Sec-Fetch-Mode": "cors"})
    asked.path = f"/media/{address(app)}"
    downloads.hear_fetch(asked)


def promise(app: AppTest) -> str:
    """Return the id by which a browser asks for a download that has yet to be made."""
    return str(app.get("download_button")[0].proto.deferred_file_id)


def told() -> list[dict[str, Any]]:
    return by_category(written_records(), "download")


def file_of(record: dict[str, Any]) -> tuple[object, ...]:
    return tuple(record.get(name) for name in ("label", "key", "filename", "bytes", "type"))


def test_download_by_a_click_is_one_record_and_no_widgets(media: MediaFileManager) -> None:
    """Each click is one; the browser's question for the file is none besides."""
    app = open_app(RERUN)
    for _ in range(2):
        send(app, key=CLICK)
        save(app)
    app.run()
    assert [("Save", "key", "a.csv", 11, "text/csv")] * 2 == [file_of(r) for r in told()]
    assert {"Downloaded a.csv"} == {record["message"] for record in told()}
    assert [] == by_category(written_records(), "widget")
    assert "secret rows" not in datatools_audit.audit_log_path().read_text()


def test_download_whose_file_has_changed_is_told_by_the_new_one(media: MediaFileManager) -> None:
    """The same button, with what the app has made since."""
    app = open_app(
        "size = st.number_input('Size', 1, key='size')\n"
        "st.download_button('Save', b'x' * size, f'{size}.csv', 'text/csv', key='key')"
    )
    send(app, key=CLICK)
    send(app, size={"double_value": 30})
    send(app, key=CLICK)
    found = [(record["filename"], record["bytes"]) for record in told()]
    assert [("1.csv", 1), ("30.csv", 30)] == found


def test_download_without_a_rerun_is_heard_where_the_file_is_saved(
    media: MediaFileManager,
) -> None:
    """Each time is one, of the session that drew it; that Streamlit's page looks is none."""
    app = open_app(IGNORED)
    for _ in range(2):
        look(app)
        save(app)
    session = session_of(VISITOR).id
    assert [("Save", "key", "a.csv", 4, "text/csv")] * 2 == [file_of(r) for r in told()]
    assert {session} == {record["session"] for record in told()}


@pytest.mark.parametrize("clicked", ["key", "twin"])
def test_download_that_two_buttons_offer_is_told_once_a_click(
    clicked: str, media: MediaFileManager
) -> None:
    """Both have one address; the button whose click is told makes the fetch behind it no news."""
    app = open_app(f"{RERUN}\n{TWIN}")
    if clicked == "key":
        send(app, key=CLICK)
    save(app)
    assert 1 == len(told())


def test_download_is_found_again_where_its_address_was_forgotten(
    media: MediaFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many addresses are known; one that is drawn again is known again."""
    monkeypatch.setattr("streamlit_ext.elements._MOST_SOURCES", 1)
    app = open_app(
        f"{IGNORED}\n"
        "if st.checkbox('more', key='more'):\n"
        "    st.download_button('More', b'more', 'b.csv', key='b', on_click='ignore')"
    )
    first = address(app).partition(".")[0]
    send(app, more={"bool_value": True})
    assert [] == drawers_of(first)
    send(app, more={"bool_value": False})
    save(app)
    assert ["a.csv"] == [record["filename"] for record in told()]


def test_download_that_two_sessions_offer_is_the_processs(media: MediaFileManager) -> None:
    """The address is made of the contents, so nobody can say whose click it was."""
    app = open_app(IGNORED)
    ((_, drawn),) = drawers_of(address(app).partition(".")[0])
    remember_download(session_of("another visitor"), "its button", drawn)
    save(app)
    (found,) = told()
    assert 2 == found["offered_to"]
    assert found["session"] not in (session_of(VISITOR).id, session_of("another visitor").id)


@pytest.mark.parametrize("exclude", ["Save", "key", "download_*"])
@pytest.mark.parametrize("draw", [RERUN, IGNORED])
def test_download_of_an_excluded_button_is_none(
    draw: str, exclude: str, media: MediaFileManager
) -> None:
    """By label, key or kind, with a rerun or without."""
    app = open_app(draw, exclude=exclude)
    if draw == RERUN:
        send(app, key=CLICK)
    save(app)
    assert [] == told()


def deferred(body: str, more: str = "") -> str:
    made = f"def make():\n    {body}\n"
    return made + f"st.download_button('Save', make, 'a.csv', 'text/csv', key='key'{more})"


@DEFERS
def test_download_that_cannot_be_made_is_an_error_of_its_session(media: MediaFileManager) -> None:
    """The app's own exception, once, with the session and a code; Streamlit's travels on."""
    app = open_app(deferred("raise LookupError('no data')"))
    with pytest.raises(MediaFileStorageError):
        media.execute_deferred(promise(app))
    (error,) = by_category(written_records(), "error")
    assert ("LookupError", "no data", session_of(VISITOR).id) == (
        error["exc_type"],
        error["exc_message"],
        error["session"],
    )
    assert "In download Save: LookupError: no data" == error["message"]
    assert str(error["support_code"]).startswith("E-")
    assert [] == told()


@DEFERS
@pytest.mark.parametrize("more", ["", ", on_click='ignore'"])
def test_download_made_when_asked_for_is_told_where_it_is_made(
    more: str, media: MediaFileManager
) -> None:
    """With the size that it has now; a click, which may come before or after, is none besides."""
    app = open_app(deferred("return b'1234'", more))
    if not more:
        send(app, key=CLICK)
    media.execute_deferred(promise(app))
    assert [("Save", "key", "a.csv", 4, "text/csv")] == [file_of(r) for r in told()]
    assert [] == by_category(written_records(), "widget")
