"""A Streamlit that lacks one of our private names loses that hook, says so, and no other."""

from __future__ import annotations

import contextlib
import importlib
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.testing.v1 import AppTest

from datatools_audit import audit_stats
from streamlit_ext import instrument
from streamlit_ext._compat import PLACES
from streamlit_ext._patch import observers
from streamlit_ext.hooks import HOOKS

if TYPE_CHECKING:
    from streamlit_ext._compat import Place


def is_there(place: Place) -> bool:
    try:
        place.find()
    except (ImportError, AttributeError):
        return False
    return True


pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
ALL = {place for sets in PLACES.values() for places in sets for place in places}
HERE = sorted(filter(is_there, ALL), key=str)


def losing(place: Place) -> set[str]:
    """Return the hooks that no set of places serves in this Streamlit without that one."""
    whole = {
        hook: [places for places in PLACES[hook] if all(map(is_there, places))] for hook in HOOKS
    }
    return {hook for hook, sets in whole.items() if all(place in places for places in sets)}


def app_to_be_heard() -> None:
    import streamlit as st

    def page() -> None:
        st.expander("More")
        if st.button("Break", key="break"):
            raise LookupError("broken")

    st.navigation([st.Page(page)]).run()


def save_a_file(storage: Any) -> None:
    """Ask for a file as a browser does that saves it, of whichever server this Streamlit has."""
    made = storage.load_and_get_id(b"1", "text/csv", MediaFileKind.DOWNLOADABLE, "a.csv")
    request = SimpleNamespace(method="GET", headers={}, path=f"/media/{made}.csv")
    with contextlib.suppress(ImportError):
        routes = importlib.import_module("streamlit.web.server.starlette.starlette_routes")
        routes._set_cors_headers(request, SimpleNamespace(headers={})).close()
    with contextlib.suppress(ImportError):
        tornado = importlib.import_module("streamlit.web.server.media_file_handler")
        handler = SimpleNamespace(request=request, _storage=storage, set_header=MagicMock())
        tornado.MediaFileHandler.set_extra_headers(handler, made)


def use_everything() -> None:
    """Do what each hook hears."""
    app = AppTest.from_function(app_to_be_heard).run()
    app.button(key="break").click().run()
    assert ["broken"] == [error.message for error in app.exception]
    files = MemoryUploadedFileManager("/upload")
    files.add_file("visitor", UploadedFileRec("1", "a.csv", "text/csv", b"1"))
    files.remove_file("visitor", "1")
    media = MediaFileManager(MemoryMediaFileStorage("/media"))
    for ask in (media._storage.get_file, getattr(media, "execute_deferred", None)):
        if ask is not None:
            with pytest.raises(MediaFileStorageError):
                ask("nothing")
    save_a_file(media._storage)
    sessions = WebsocketSessionManager(*(MagicMock() for _ in range(4)))
    sessions.disconnect_session(sessions.connect_session(MagicMock(), MagicMock(), {}))
    threading.excepthook(threading.ExceptHookArgs((LookupError, LookupError("x"), None, None)))
    over: Any = SimpleNamespace(id="visitor", _state=AppSessionState.SHUTDOWN_REQUESTED)
    AppSession.shutdown(over)


@pytest.fixture(autouse=True)
def no_real_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect to what looks like a session."""
    monkeypatch.setattr("streamlit.runtime.websocket_session_manager.AppSession", MagicMock())


def hooks_told(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Use everything, and return the hooks that were told of something."""
    told: set[str] = set()

    def telling(name: str) -> Any:
        def tell(*args: Any, **kwargs: Any) -> None:
            told.add(name)
            HOOKS[name].observer(*args, **kwargs)

        return tell

    for name in HOOKS:
        monkeypatch.setitem(observers(), name, telling(name))
    use_everything()
    return told


def test_missing_name_none_and_every_hook_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests below do reaches every hook that this Streamlit has a place for."""
    active = {name for name, status in instrument().status().items() if status.active}
    assert active == hooks_told(monkeypatch)


@pytest.mark.parametrize("place", HERE, ids=str)
def test_missing_name_costs_its_hook_only(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its hook is unavailable, says why, and the others hear without a failure."""
    expected = losing(place)
    with monkeypatch.context() as hiding:
        hiding.delattr(*place.find())
        status = instrument().status()
    unavailable = {name: each.detail for name, each in status.items() if not each.active}
    assert expected == set(unavailable)
    for name, why in unavailable.items():
        assert why.startswith("not in this Streamlit: ")
        assert any(each.path.split(".")[-1] in why for sets in PLACES[name] for each in sets)
    assert set(HOOKS) - expected == hooks_told(monkeypatch)
    assert {} == dict(audit_stats().internal_failures)
