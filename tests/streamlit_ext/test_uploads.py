"""A file is followed: received, used by a widget, removed; each step is one record."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from datatools_audit import audit_stats
from streamlit_ext import instrument
from streamlit_ext.hooks import uploads
from streamlit_ext.session import session_of
from tests.helpers import written_records
from tests.streamlit_ext.browser import VERSION, VISITOR, arrived, put, send
from tests.streamlit_ext.conftest import by_category

if TYPE_CHECKING:
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

APP = """
import streamlit as st
from streamlit_ext import instrument
instrument(app="shop", **{policy!r})
{draw}
"""
MANY = "st.file_uploader('Tables', accept_multiple_files=True, key='key')"


def open_app(draw: str, **policy: Any) -> AppTest:
    return AppTest.from_string(APP.format(draw=draw, policy=policy)).run()


def has(*files: str) -> dict[str, Any]:
    """Return what a browser sends of a widget with those files."""
    return {"file_uploader_state_value": arrived(*[(name, name) for name in files])}


def steps() -> list[tuple[object, object]]:
    """Return phase and name of each record of an upload."""
    return [(r["phase"], r["filename"]) for r in by_category(written_records(), "upload")]


def test_upload_is_followed_by_one_id(server: MemoryUploadedFileManager) -> None:
    """Received, used, removed: one id that is not Streamlit's, name, size and type each time."""
    app = open_app(MANY)
    put(server, "streamlit-file-id", "a.csv")
    send(app, key={"file_uploader_state_value": arrived(("streamlit-file-id", "a.csv"))})
    send(app, key={"file_uploader_state_value": arrived(("streamlit-file-id", "a.csv"))})
    server.remove_file(VISITOR, "streamlit-file-id")
    send(app, key=has())
    found = by_category(written_records(), "upload")
    assert ["received", "used", "removed"] == [record["phase"] for record in found]
    assert ["Uploaded a.csv", "Used a.csv", "Removed a.csv"] == [r["message"] for r in found]
    assert {("a.csv", 2, "text/csv")} == {(r["filename"], r["bytes"], r["type"]) for r in found}
    (upload_id,) = {record["upload_id"] for record in found}
    assert upload_id not in ("", "streamlit-file-id")
    assert 1 == len({record["session"] for record in written_records()})


def test_upload_of_several_files_is_told_one_by_one(server: MemoryUploadedFileManager) -> None:
    """A file more is one record; one less too, whose removal only the widget has told."""
    app = open_app(MANY)
    for name in ("a", "b", "c"):
        put(server, name, name)
    send(app, key=has("a", "b"))
    send(app, key=has("a", "b", "c"))
    send(app, key=has("b", "c"))
    received = [("received", name) for name in ("a", "b", "c")]
    used = [("used", name) for name in ("a", "b", "c")]
    assert [*received, *used, ("removed", "a")] == steps()
    assert 3 == len({r["upload_id"] for r in by_category(written_records(), "upload")})


@pytest.mark.skipif(VERSION < (1, 56), reason="this Streamlit's AppTest cannot upload")
def test_upload_by_apptest_is_no_second_record() -> None:
    """AppTest registers its files at every run, with the same id."""
    app = open_app("st.file_uploader('Table', key='key')")
    app.file_uploader(key="key").upload("a.csv", b"1", "text/csv").run()
    app.run()
    app.run()
    assert [("received", "a.csv"), ("used", "a.csv")] == steps()


def test_upload_that_the_server_has_no_more_is_skipped(server: MemoryUploadedFileManager) -> None:
    """Streamlit gives a `DeletedFile` then, which has no name; nothing of ours fails."""
    app = open_app(MANY)
    put(server, "there", "there")
    send(app, key=has("gone", "there"))
    send(app, key=has("gone"))
    assert [("received", "there"), ("used", "there"), ("removed", "there")] == steps()
    assert {} == dict(audit_stats().internal_failures)


@pytest.mark.parametrize(
    ("draw", "names"),
    [
        ("st.file_uploader('Table', key='key')", ["a.wav"]),
        ("st.camera_input('Face', key='key')", ["c.jpg"]),
        ("st.audio_input('Voice', key='key')", ["a.wav"]),
    ],
)
def test_upload_of_one_file_is_used(
    draw: str, names: list[str], server: MemoryUploadedFileManager
) -> None:
    """Whatever widget took it."""
    app = open_app(draw)
    for name in names:
        put(server, name, name, "image/jpeg" if "jpg" in name else "audio/wav")
    send(app, key=has(*names))
    app.run()
    assert [("received", names[0]), ("used", names[0])] == steps()


CHATS = [
    pytest.param("accept_file=True", ["a.csv"], [], id="file"),
    pytest.param(
        "accept_audio=True",
        [],
        ["b.wav"],
        id="audio",
        marks=pytest.mark.skipif(VERSION < (1, 54), reason="takes no audio"),
    ),
    pytest.param(
        "accept_file='multiple', accept_audio=True",
        ["a.csv", "c.csv"],
        ["b.wav"],
        id="both",
        marks=pytest.mark.skipif(VERSION < (1, 54), reason="takes no audio"),
    ),
]


@pytest.mark.parametrize(("accepts", "files", "audio"), CHATS)
def test_upload_in_a_chat_is_used_once_and_not_removed(
    accepts: str, files: list[str], audio: list[str], server: MemoryUploadedFileManager
) -> None:
    """Streamlit throws a chat's files away in the run that has used them: nobody removed them."""
    app = open_app(f"st.chat_input('Say', key='key', {accepts})")
    said: dict[str, Any] = {"data": "look"}
    for name in (*files, *audio):
        put(server, name, name, "audio/wav" if name.endswith("wav") else "text/csv")
    if files:
        said["file_uploader_state"] = arrived(*[(name, name) for name in files])
    if audio:
        said["audio_file_info"] = {"file_id": audio[0], "name": audio[0], "size": 2}
    send(app, key={"chat_input_value": said})
    assert not server.get_files(VISITOR, [*files, *audio])
    app.run()
    received = [("received", name) for name in (*files, *audio)]
    assert [*received, *[("used", name) for name in (*files, *audio)]] == steps()


def test_upload_in_a_form_that_is_never_sent_is_received(
    server: MemoryUploadedFileManager,
) -> None:
    """The file has come to the server, and no widget has it."""
    app = open_app(f"with st.form('form'):\n    {MANY}\n    st.form_submit_button('Send')")
    put(server, "a", "a")
    app.run()
    assert [("received", "a")] == steps()


def test_upload_that_goes_with_its_widget_is_not_removed_by_a_person(
    server: MemoryUploadedFileManager,
) -> None:
    """The app has stopped drawing the widget; what it had is nobody's any more."""
    app = open_app("if not st.checkbox('Hide', key='hide'):\n    " + MANY)
    put(server, "a", "a")
    send(app, key=has("a"))
    send(app, hide={"bool_value": True})
    app.run()
    assert [("received", "a"), ("used", "a")] == steps()


def test_upload_memory_is_bounded(server: MemoryUploadedFileManager) -> None:
    """However many files come, each is told, and so many are remembered."""
    instrument(app="shop")
    session = session_of(VISITOR)
    for number in range(1_100):
        put(server, f"id-{number}", f"{number}.csv")
    assert 1_000 == len(session.memory[uploads._MEMORY])
    assert [f"{number}.csv" for number in range(1_100)] == [name for _, name in steps()]


@pytest.mark.parametrize("exclude", ["file_*", "key", ("Nothing", "Tables")])
def test_upload_by_an_excluded_widget_is_not_recorded(
    exclude: str | tuple[str, ...], server: MemoryUploadedFileManager
) -> None:
    """Whether the pattern is of its kind, its key or its label, it holds for all three phases."""
    app = open_app(MANY, exclude=exclude)
    put(server, "a", "a")
    send(app, key=has("a"))
    server.remove_file(VISITOR, "a")
    send(app, key=has())
    assert ([], []) == (steps(), by_category(written_records(), "widget"))


def test_upload_beside_an_excluded_widget_is_told_when_it_is_used(
    server: MemoryUploadedFileManager,
) -> None:
    """Which widget a file is for is not known when it comes, so that is left out then."""
    app = open_app(MANY + "\nst.file_uploader('Passport', key='secret')", exclude="secret")
    for name in ("a", "b"):
        put(server, name, name)
    send(app, key=has("a"), secret=has("b"))
    for name in ("a", "b"):
        server.remove_file(VISITOR, name)
    assert [("used", "a"), ("removed", "a")] == steps()


@pytest.mark.parametrize("include", ["file_*", "key", "Tables"])
def test_upload_by_an_included_widget_is_recorded(
    include: str, server: MemoryUploadedFileManager
) -> None:
    """A pattern of its key or label lets all its phases through, too."""
    app = open_app(MANY, include=include)
    put(server, "a", "a")
    send(app, key=has("a"))
    server.remove_file(VISITOR, "a")
    assert [("received", "a"), ("used", "a"), ("removed", "a")] == steps()


def test_upload_of_nobody_known_is_not_removed() -> None:
    """A file of a session that was never seen, or that is not known, is no record."""
    instrument(app="shop")
    uploads.hear_removal(SimpleNamespace(), "never seen", "a")
    session_of(VISITOR)
    uploads.hear_removal(SimpleNamespace(), VISITOR, "not known")
    assert [] == steps()
