"""One line hears the app, is done once, and can be undone."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

import datatools_audit
from datatools_audit import audit_stats
from streamlit_ext import _compat, instrument
from streamlit_ext._compat import Place
from streamlit_ext.hooks import HOOKS
from streamlit_ext.hooks.sessions import hear_session_end
from streamlit_ext.session import session_of
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category, patchable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def app_instrumented() -> None:
    import streamlit as st

    from streamlit_ext import instrument

    instrument(app="shop", version="2.1")
    st.file_uploader("Table", key="table")

    def break_it() -> None:
        raise RuntimeError("in a callback")

    st.button("Callback", key="callback", on_click=break_it)
    if st.button("Body", key="body"):
        raise LookupError("in the body")
    if st.button("Stop", key="stop"):
        st.stop()


def records(category: str) -> list[dict[str, Any]]:
    return by_category(written_records(), category)


def test_instrument_starts_a_session_once() -> None:
    """The first run of a session writes the banner, with the app's name and version."""
    app = AppTest.from_function(app_instrumented).run()
    app.run()
    (banner,) = records("session")
    assert (
        banner["message"],
        banner["app"],
        banner["version"],
    ) == ("Session started", "shop", "2.1")


def test_instrument_names_the_app_by_its_script(tmp_path: Any) -> None:
    """An app that gives no name is called as its entry script."""
    script = tmp_path / "billing.py"
    script.write_text("from streamlit_ext import instrument\ninstrument()\n")
    AppTest.from_file(str(script)).run()
    (banner,) = records("session")
    assert "billing" == banner["app"]


@pytest.mark.parametrize(
    ("button", "kind"), [("callback", "RuntimeError"), ("body", "LookupError")]
)
def test_instrument_hears_uncaught_exceptions_once(button: str, kind: str) -> None:
    """An exception in the body or a callback is one error record, and still shown."""
    app = AppTest.from_function(app_instrumented).run()
    app.button(key=button).click().run()
    (error,) = records("error")
    assert (kind, 1) == (error["exc_type"], len(app.exception))
    assert "break_it" in error["traceback"] or "app_instrumented" in error["traceback"]


def test_instrument_hears_no_error_in_stop() -> None:
    """A stopped script is no error."""
    app = AppTest.from_function(app_instrumented).run()
    app.button(key="stop").click().run()
    assert [] == records("error")


def test_instrument_hears_each_phase_of_an_upload_once() -> None:
    """A file is received and used, each one record with name, size and type, no contents."""
    app = AppTest.from_function(app_instrumented).run()
    if not hasattr(app, "file_uploader"):
        pytest.skip("this Streamlit's AppTest (< 1.56) cannot upload")
    app.file_uploader(key="table").upload("people.csv", b"name\nsecret-name\n", "text/csv").run()
    app.run()
    uploads = records("upload")
    assert ["Uploaded people.csv", "Used people.csv"] == [r["message"] for r in uploads]
    assert {("people.csv", 17, "text/csv")} == {
        (r["filename"], r["bytes"], r["type"]) for r in uploads
    }
    assert 1 == len({r["upload_id"] for r in uploads})
    (changed,) = records("widget")
    assert ("file_uploader", "Table") == (changed["kind"], changed["label"])
    log = datatools_audit.audit_log_path().read_text()
    assert "secret-name" not in log


def test_instrument_tells_two_visitors_apart() -> None:
    """Files of two browser sessions are recorded under two ids, neither of them Streamlit's."""
    instrument(app="shop")
    manager = MemoryUploadedFileManager("/upload")
    for visitor in ("streamlit-id-1", "streamlit-id-2"):
        manager.add_file(visitor, UploadedFileRec("f" + visitor, "a.csv", "text/csv", b"1"))
    first, second = records("upload")
    assert first["session"] != second["session"]
    assert "streamlit-id" not in datatools_audit.audit_log_path().read_text()


def test_instrument_same_file_name_twice_is_two_uploads() -> None:
    """Files are told apart by their id, not by their name."""
    instrument(app="shop")
    manager = MemoryUploadedFileManager("/upload")
    for number in (1, 2, 2):
        manager.add_file("visitor", UploadedFileRec(f"id-{number}", "a.csv", "text/csv", b"1"))
    assert 2 == len(records("upload"))


def test_instrument_hears_the_end_of_a_session_once() -> None:
    """A session that Streamlit shuts down twice ends once, and is forgotten."""
    instrument(app="shop")
    session = session_of("gone")
    for _ in range(2):
        hear_session_end(SimpleNamespace(id="gone"))
    messages = [r["message"] for r in records("session") if r["session"] == session.id]
    assert ["Session started", "Session ended"] == messages


def test_instrument_twice_is_once() -> None:
    """A second call changes nothing and returns the same object."""
    hooks = instrument(app="shop")
    patched = patchable()
    assert hooks is instrument(app="shop")
    assert patched == patchable()


def test_instrument_from_many_threads_patches_once(originals: dict[str, object]) -> None:
    """Calls at the same time leave one patch on each name."""
    threads = [threading.Thread(target=instrument) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrapped = {name: vars(value).get("__wrapped__") for name, value in patchable().items()}
    active = {
        name
        for status in instrument().status().values()
        if status.active
        for name in status.detail.split(", ")
    }
    assert {name: originals[name] for name in active} == {name: wrapped[name] for name in active}


def test_instrument_status_says_where_each_hook_listens() -> None:
    """Each hook that this Streamlit has a place for is active and names its places."""
    status = instrument().status()
    assert set(HOOKS) == set(status)
    places = {
        name: [", ".join(map(str, places)) for places in sets]
        for name, sets in _compat.PLACES.items()
    }
    assert {name for name, hook in status.items() if not hook.active} <= {"deferred downloads"}
    for name, hook in status.items():
        assert not hook.active or hook.detail in places[name]
    assert str(status["uploads"]).startswith("uploads: active, streamlit.runtime.")


def test_uninstrument_restores_and_silences(originals: dict[str, object]) -> None:
    """Afterwards each name is the original object, nothing is heard, and the status says so."""
    hooks = instrument(app="shop")
    hooks.uninstrument()
    hooks.uninstrument()
    MemoryUploadedFileManager("/upload").add_file("v", UploadedFileRec("1", "a", "b", b""))
    assert originals == patchable()
    assert [] == records("upload")
    assert not any(hook.active for hook in hooks.status().values())


def test_uninstrument_leaves_a_later_patch_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that somebody patched after us stays theirs; our part passes through, heard once."""
    hooks = instrument(app="shop")
    ours = MemoryUploadedFileManager.add_file
    calls = []

    def theirs(*args: Any) -> None:
        calls.append(args)
        ours(*args)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryUploadedFileManager, "add_file", theirs)
        hooks.uninstrument()
        assert "still patched by somebody else" in hooks.status()["uploads"].detail
        instrument(app="shop")
        manager = MemoryUploadedFileManager("/upload")
        manager.add_file("v", UploadedFileRec("1", "a", "b", b""))
        assert (1, 1) == (len(calls), len(records("upload")))


def test_instrument_missing_name_makes_one_hook_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A Streamlit without a private name loses that hook and keeps the rest."""
    gone = {**_compat.PLACES, "uploads": ((Place("streamlit.runtime.nowhere", "Nothing.at_all"),),)}
    monkeypatch.setattr("streamlit_ext.instrumentation.PLACES", gone)
    status = instrument().status()
    assert (False, True) == (status["uploads"].active, status["errors"].active)
    assert "not in this Streamlit" in status["uploads"].detail


def test_instrument_falls_back_to_an_older_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the best place is missing the next one serves."""
    older = (
        Place(
            "streamlit.runtime.memory_uploaded_file_manager", "MemoryUploadedFileManager.add_file"
        ),
    )
    gone = {**_compat.PLACES, "uploads": ((Place("nowhere", "x"),), older)}
    monkeypatch.setattr("streamlit_ext.instrumentation.PLACES", gone)
    assert instrument().status()["uploads"].active


def test_hook_failure_is_counted_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own failure in a hook is counted; the app's call goes on."""
    instrument(app="shop")

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(sys.modules["streamlit_ext._patch"].observers(), "uploads", fail)
    manager = MemoryUploadedFileManager("/upload")
    file = UploadedFileRec("1", "a", "b", b"")
    manager.add_file("v", file)
    assert [file] == manager.get_files("v", ["1"])
    assert {"hook uploads: ZeroDivisionError": 1} == dict(audit_stats().internal_failures)


@pytest.fixture
def reloading() -> Iterator[Callable[[], None]]:
    """Give what Streamlit's watcher does after an edit; the modules are back afterwards."""

    def ours() -> dict[str, Any]:
        packages = ("datatools_audit", "streamlit_ext")
        return {k: m for k, m in sys.modules.items() if k.split(".")[0] in packages}

    def throw_out() -> None:
        for name in ours():
            del sys.modules[name]

    saved = ours()
    yield throw_out
    throw_out()
    sys.modules.update(saved)


def test_hot_reload_leaves_one_patch_and_one_writer(reloading: Callable[[], None]) -> None:
    """Twenty reloads of all our modules: one patch deep, one worker, one record a call."""
    instrument(app="shop")
    patched = patchable()
    datatools_audit.log_event("test", "starts the worker")
    for _ in range(20):
        reloading()
        from streamlit_ext import instrument as reloaded

        assert reloaded is not instrument
        reloaded(app="shop")
    assert patched == patchable()
    MemoryUploadedFileManager("/upload").add_file("v", UploadedFileRec("1", "a", "b", b""))
    assert 1 == len(records("upload"))
    assert 1 == len([t for t in threading.enumerate() if t.name == "datatools-audit-worker"])
