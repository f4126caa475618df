"""Each visit of a page is one record, whoever hears it and however the person got there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from streamlit_ext import audited_page
from streamlit_ext import page as page_module
from streamlit_ext.hooks.pages import hear_page
from streamlit_ext.page import open_page
from streamlit_ext.session import use_sessions
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def app_with_navigation() -> None:
    import streamlit as st

    from streamlit_ext import audited_page, instrument

    instrument(app="shop")

    def drawn(text: str) -> None:
        st.text(text)
        if st.session_state.pop("rerun", False):
            st.rerun()

    def upload() -> None:
        st.button("Again", key="again")
        drawn("upload")

    def analyze() -> None:
        drawn("analysis")

    @audited_page(slug="cleaning", title="Clean it")
    def clean() -> None:
        drawn("clean")

    pages = [
        st.Page(upload, title="Upload files", default=True),
        st.Page(analyze, title="Analyze", url_path="numbers"),
        st.Page(clean, title="Clean"),
    ]
    target = st.session_state.get("target")
    if target is not None and st.session_state.get("switched") != target:
        st.session_state["switched"] = target
        st.navigation(pages)
        st.switch_page(pages[target])
    st.navigation(pages).run()


def visits() -> list[tuple[Any, Any]]:
    found = by_category(written_records(), "nav")
    return [(record["page"], record.get("title")) for record in found]


def test_navigation_is_heard_once_a_visit() -> None:
    """The default page has its name too; reruns are no visits."""
    app = AppTest.from_function(app_with_navigation).run()
    app.run()
    app.button(key="again").click().run()
    assert [("upload", "Upload files")] == visits()


def app_with_diagnostics() -> None:
    import streamlit as st

    from streamlit_ext import audited_page, diagnostics_page, instrument

    instrument(app="shop")

    @audited_page(slug="help")
    def help_page() -> None:
        diagnostics_page()

    page = help_page if st.session_state.get("helps") else diagnostics_page
    st.navigation([st.Page(page, title="Diagnostics")]).run()


def test_navigation_to_diagnostics_is_heard_once() -> None:
    """The page names itself only where nobody else has."""
    AppTest.from_function(app_with_diagnostics).run()
    assert [("diagnostics_page", "Diagnostics")] == visits()
    app = AppTest.from_function(app_with_diagnostics)
    app.session_state["helps"] = True
    app.run()
    assert ("help", None) == visits()[-1]
    assert "diagnostics" not in [page for page, _ in visits()]


def test_navigation_to_other_pages_and_back() -> None:
    """Each change is a record; a page that records itself does so under its own name, once."""
    app = AppTest.from_function(app_with_navigation).run()
    for target, text in ((1, "analysis"), (2, "clean"), (0, "upload")):
        app.session_state["target"] = target
        # By the page itself: AppTest's own reruns begin at the default page in older versions.
        app.session_state["rerun"] = True
        app.run()
        assert [text] == [each.value for each in app.text]
        assert "rerun" not in app.session_state
    assert not app.exception
    assert [
        ("upload", "Upload files"),
        ("numbers", "Analyze"),
        ("cleaning", "Clean it"),
        ("upload", "Upload files"),
    ] == visits()


def test_navigation_says_which_page_was_left_and_after_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first visit has left none; a rerun of the same page is no leaving."""
    now = iter(range(100))
    monkeypatch.setattr(page_module, "time", SimpleNamespace(monotonic=lambda: next(now)))
    app = AppTest.from_function(app_with_navigation).run()
    app.run()
    for target in (1, 2):
        app.session_state["target"] = target
        app.run()
    found = by_category(written_records(), "nav")
    assert [None, "upload", "numbers"] == [record.get("left") for record in found]
    first, second, third = (record.get("dwell_ms") for record in found)
    assert first is None
    assert second >= 1_000
    assert third >= 1_000


def test_navigation_gives_later_records_their_page() -> None:
    """What happens on a page says so."""
    app = AppTest.from_function(app_with_navigation).run()
    app.button(key="again").click().run()
    (click,) = by_category(written_records(), "widget")
    assert "upload" == click["page"]


def test_navigation_in_a_pages_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of a `pages` folder are pages; the entry script is one as well."""
    # Streamlit keeps for the process whether it has seen a `st.navigation`.
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    line = "from streamlit_ext import instrument\ninstrument()\n"
    (tmp_path / "main.py").write_text(line)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1_Report.py").write_text(line)
    app = AppTest.from_file(str(tmp_path / "main.py")).run()
    app.run()
    app.switch_page("pages/1_Report.py").run()
    app.run()
    assert not app.exception
    assert ["main", "Report"] == [page for page, _ in visits()]


def test_navigation_beside_a_pages_folder(tmp_path: Path) -> None:
    """Where the entry script navigates to the files of a `pages` folder it is no page itself."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "report.py").write_text("import streamlit\nstreamlit.button('Make')\n")
    (tmp_path / "main.py").write_text(
        "import streamlit as st\n"
        "from streamlit_ext import instrument\n"
        "instrument()\n"
        "home = st.Page(lambda: st.button('Press'), title='Home', url_path='home')\n"
        "st.navigation([home, st.Page('pages/report.py', title='Report')]).run()\n"
    )
    app = AppTest.from_file(str(tmp_path / "main.py")).run()
    app.button[0].click().run()
    app.switch_page("pages/report.py").run()
    app.button[0].click().run()
    assert not app.exception
    assert ["home", "report"] == [page for page, _ in visits()]


def test_navigation_name_of_the_author_is_of_that_page_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page that names itself does not lend its name to the one before it."""
    context = SimpleNamespace(session_id="ann", page_script_hash="p")
    monkeypatch.setattr("streamlit_ext.session.run_context", lambda: context)
    use_sessions()

    def plain() -> None:
        open_page("mine")

    own = audited_page(slug="own")(lambda: None)
    for function in (plain, own, plain, plain, own):
        hear_page(SimpleNamespace(_page=function, _url_path="plain", title="Plain"))
        function()
    assert ["plain", "mine", "own", "mine", "own"] == [
        record["page"] for record in by_category(written_records(), "nav")
    ]
