"""The facts of Streamlit that we lean on; a new version that fails here shows what it broke."""

from __future__ import annotations

import inspect

import pytest
import streamlit
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import RerunException, StopException
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from streamlit_ext import _compat
from streamlit_ext._compat import PLACES


@pytest.mark.parametrize("hook", PLACES)
def test_compat_each_hook_has_a_place(hook: str) -> None:
    """This Streamlit has every name of at least one set of places of each hook."""
    if hook == "deferred downloads" and not _compat.can_defer_downloads():
        pytest.skip("this Streamlit makes each download's data beforehand")
    found = 0
    for places in PLACES[hook]:
        try:
            found += all(place.find() for place in places)
        except (ImportError, AttributeError):
            continue
    assert found


def test_compat_stop_and_rerun_are_no_exceptions() -> None:
    """Streamlit's control flow does not pass through `except Exception`."""
    assert not issubclass(StopException, Exception)
    assert not issubclass(RerunException, Exception)


def test_compat_upload_arguments() -> None:
    """A received file comes with the session's id first and the file second."""
    parameters = list(inspect.signature(MemoryUploadedFileManager.add_file).parameters)
    assert ["self", "session_id", "file"] == parameters


def test_compat_widget_change_arguments() -> None:
    """A change is asked for by the widget's id alone."""
    assert ["self", "widget_id"] == list(inspect.signature(SessionState._widget_changed).parameters)


def test_compat_drawing_arguments() -> None:
    """What is drawn comes with the command first and the element second."""
    parameters = list(inspect.signature(DeltaGenerator._enqueue).parameters)
    assert ["self", "delta_type", "element_proto"] == parameters[:3]


def test_compat_page_tells_its_function_and_its_names() -> None:
    """Of a page the function, its title, and its name in the address, the default's too."""

    def app() -> None:
        import streamlit as st

        from streamlit_ext import _compat

        def report() -> None: ...

        page = st.Page(report, title="The report", default=True)
        st.text(str((_compat.page_function(page) is report, *_compat.page_names(page))))

    shown = AppTest.from_function(app).run().text[0].value
    assert "(True, 'report', 'The report')" == shown


def test_compat_a_session_has_an_id() -> None:
    """The session whose end is heard tells its id."""
    assert "id" in dir(AppSession) or "self.id" in inspect.getsource(AppSession.__init__)


def test_compat_no_context_outside_of_a_run() -> None:
    """Asking for the run outside of one is no error."""
    assert _compat.run_context() is None


def test_compat_apptest_sessions_share_an_id() -> None:
    """Every AppTest is the same session to Streamlit: tests with two visitors make their own."""

    def app() -> None:
        import streamlit as st

        from streamlit_ext._compat import run_context

        context = run_context()
        st.text(context.session_id if context else "")

    first, second = (AppTest.from_function(app).run().text[0].value for _ in range(2))
    assert first == second != ""


@pytest.mark.parametrize(
    ("version", "can"),
    [("1.45.0", False), ("1.51.9", False), ("1.52.0", True), ("1.67.0", True), ("2.0.0", True)],
)
def test_compat_deferred_download_by_version(
    version: str,
    can: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A download button takes a callable from 1.52 on."""
    monkeypatch.setattr(streamlit, "__version__", version)
    assert can is _compat.can_defer_downloads()
