"""Pages: one record a visit, one an error, and nothing changed for the app."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from streamlit_ext import audited_page, instrument
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category

if TYPE_CHECKING:
    from collections.abc import Callable


def opened() -> list[object]:
    return [r["page"] for r in by_category(written_records(), "nav")]


def app_with_one_page() -> None:
    import streamlit as st

    from streamlit_ext import audited_page

    @audited_page(slug="upload", title="Upload")
    def upload() -> None:
        st.button("Again", key="again")
        if st.session_state.get("do") == "raise":
            raise ValueError("no such column")
        if st.session_state.get("do") == "stop":
            st.stop()
        if st.session_state.pop("do", None) == "rerun":
            st.rerun()
        st.write("drawn")

    upload()


def test_page_three_reruns_are_one_nav_event() -> None:
    """However often the script reruns, a visit is one record."""
    app = AppTest.from_function(app_with_one_page).run()
    app.button(key="again").click().run()
    app.button(key="again").click().run()
    assert not app.exception
    assert ["upload"] == opened()


def test_page_record_has_title_and_session() -> None:
    """A visit's record says which page and what it is called."""
    AppTest.from_function(app_with_one_page).run()
    (record,) = written_records()
    assert (
        record["message"],
        record["page"],
        record["title"],
    ) == ("Opened upload", "upload", "Upload")


@pytest.mark.parametrize("control", ["stop", "rerun"])
def test_page_stop_and_rerun_are_no_errors(control: str) -> None:
    """What stops or reruns a script passes through and leaves no error record."""
    app = AppTest.from_function(app_with_one_page)
    app.session_state["do"] = control
    app.run()
    assert not app.exception
    assert [] == by_category(written_records(), "error")
    assert (control == "rerun") == bool(app.markdown)


@pytest.mark.parametrize("instrumented", [False, True])
def test_page_exception_is_one_record_with_traceback(instrumented: bool) -> None:  # noqa: FBT001
    """An exception is recorded once, whoever hears it, and reaches the app's error box."""
    if instrumented:
        instrument(app="test")
    app = AppTest.from_function(app_with_one_page)
    app.session_state["do"] = "raise"
    app.run()
    (record,) = by_category(written_records(), "error")
    assert [e.message for e in app.exception] == ["no such column"]
    assert "In upload: ValueError: no such column" == record["message"]
    assert ", in upload" in str(record["traceback"]).replace("app_with_one_page.<locals>.", "")
    assert "upload" == record["page"]


def test_page_exception_travels_on_unchanged() -> None:
    """The very exception that the page raised reaches the caller."""
    error = KeyError("x")

    @audited_page
    def broken() -> None:
        raise error

    with pytest.raises(KeyError) as caught:
        broken()
    assert error is caught.value


def test_page_keeps_name_and_result() -> None:
    """A decorated page is called like the page and returns what it returns."""

    @audited_page
    def report(number: int) -> int:
        return number + 1

    assert ("report", 3) == (report.__name__, report(2))


def test_page_without_slug_takes_the_functions_name() -> None:
    """Bare decoration names the page as its function."""

    @audited_page
    def report() -> None:
        pass

    report()
    assert ["report"] == opened()


def test_page_change_and_back_are_three_visits() -> None:
    """Going to another page and back is a visit each."""

    @audited_page
    def first() -> None:
        pass

    @audited_page
    def second() -> None:
        pass

    for page in (first, first, second, second, first):
        page()
    assert ["first", "second", "first"] == opened()


async def coroutine() -> None:
    pass


def generator():
    yield


async def asynchronous_generator():
    yield


@pytest.mark.parametrize(
    "function",
    [coroutine, generator, asynchronous_generator, functools.partial(generator)],
)
def test_page_refuses_what_never_draws(function: Callable[[], None]) -> None:
    """A page that Streamlit would call and never run is refused, saying why."""
    with pytest.raises(TypeError, match="Streamlit would draw nothing of such a page"):
        audited_page(function)


def test_page_takes_partial_with_title() -> None:
    """A callable without a name is a page too; its title names it."""
    page = audited_page(title="Sales")(functools.partial(len, "abc"))
    assert 3 == page()
    assert ["Sales"] == opened()


def app_with_navigation() -> None:
    import streamlit as st

    from streamlit_ext import audited_page, instrument

    instrument(app="shop", version="2")

    @audited_page
    def first() -> None:
        st.write("one")

    @audited_page
    def second() -> None:
        st.write("two")

    pages = [st.Page(first, title="First"), st.Page(second, title="Second")]
    assert [page.url_path for page in pages] == ["", "second"] or pages[0].url_path == "first"
    st.navigation(pages).run()


def test_page_works_under_navigation() -> None:
    """`st.navigation` runs a decorated page and finds it at the function's URL."""
    app = AppTest.from_function(app_with_navigation).run()
    assert not app.exception
    assert [m.value for m in app.markdown] == ["one"]
    assert ["first"] == opened()


def app_with_parts() -> None:
    import streamlit as st

    from streamlit_ext import audited_page

    @audited_page
    def inner() -> None:
        st.button("Again", key="again")

    @audited_page
    def outer() -> None:
        inner()

    outer()


def test_page_within_a_page_is_no_visit_of_its_own() -> None:
    """However often it reruns, the outer one is the page."""
    app = AppTest.from_function(app_with_parts).run()
    app.button(key="again").click().run()
    assert ["outer"] == opened()


def app_with_two_names() -> None:
    import streamlit as st

    from streamlit_ext import audited_page, instrument

    instrument(app="shop")

    @audited_page(slug="my upload")
    def drawn() -> None:
        st.button("Again", key="again")

    def upload() -> None:
        drawn()

    st.navigation([st.Page(upload)]).run()


def test_page_that_its_author_calls_otherwise_does_not_flood() -> None:
    """Streamlit's name once, the author's from then on."""
    app = AppTest.from_function(app_with_two_names).run()
    app.button(key="again").click().run()
    app.button(key="again").click().run()
    assert not app.exception
    assert ["upload", "my upload"] == opened()
