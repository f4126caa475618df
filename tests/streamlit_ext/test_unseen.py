"""What was not seen drawn, was drawn long ago, or is sent again: nothing of it leaks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from datatools_audit.context import Session
from streamlit_ext import elements, instrument
from streamlit_ext.hooks import widgets
from streamlit_ext.policy import use
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category


def changes() -> list[dict[str, Any]]:
    return by_category(written_records(), "widget")


def many_widgets() -> None:
    import streamlit as st

    from streamlit_ext import instrument

    instrument(values="all", exclude=["diary*"])
    st.text_input("Password", type="password", key="pw")
    st.text_input("diary of mine", key="mine")
    for number in range(60):
        st.checkbox(f"row {number}", key=f"row-{number}")


def test_password_among_more_widgets_than_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that hides what is typed is not forgotten, and what is forgotten leaves nothing."""
    monkeypatch.setattr(elements, "_MOST_ELEMENTS", 20)
    app = AppTest.from_function(many_widgets).run()
    app.text_input(key="pw").set_value("hunter2").run()
    app.text_input(key="mine").set_value("Dear diary").run()
    (changed,) = changes()
    assert ({"type": "password"}, "Password") == (changed["new"], changed["label"])


def test_value_of_a_widget_that_was_not_seen_is_its_type_at_most() -> None:
    """Where hooks come after the drawing nobody knows what hides what is typed."""

    def page() -> None:
        import streamlit as st

        st.text_input("Password", type="password", key="pw")

    app = AppTest.from_function(page).run()
    instrument(values="all")
    app.text_input(key="pw").set_value("hunter2").run()
    (changed,) = changes()
    assert {"type": "str"} == changed["new"]


def test_password_that_was_shown_meanwhile_stays_one() -> None:
    """What was typed while it was hidden is not recorded when it is shown."""

    def page() -> None:
        import streamlit as st

        from streamlit_ext import instrument

        instrument(values="all")
        kind = "default" if st.checkbox("show", key="show") else "password"
        st.text_input("Password", type=kind, key="pw")

    app = AppTest.from_function(page).run()
    app.text_input(key="pw").set_value("hunter2").run()
    app.checkbox(key="show").check().run()
    app.text_input(key="pw").set_value("hunter2x").run()
    assert "hunter2" not in str(changes())


class Values(dict[str, Any]):
    """Stands for the part of Streamlit's state that has new values and what widgets are."""

    def __init__(self, values: dict[str, Any], first: dict[str, Any]) -> None:
        super().__init__(values)
        self.widget_metadata = {
            name: SimpleNamespace(value_type="string_value", deserializer=lambda _=None, v=v: v)
            for name, v in first.items()
        }


def state_of(old: dict[str, Any], new: dict[str, Any], first: dict[str, Any]) -> Any:
    """Return a state whose keys the app has cleared."""
    return SimpleNamespace(
        _key_id_mapper=SimpleNamespace(id_key_mapping={}),
        _old_state=old,
        _new_widget_state=Values(new, first),
    )


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Session:
    """Be in the run of a visitor."""
    session = Session()
    monkeypatch.setattr(widgets, "current", lambda: session)
    return session


NOTES, OPEN = "$$ID-0a-secret_notes", "$$ID-0b-open"


def test_key_counts_when_the_app_has_cleared_its_state(visitor: Session) -> None:
    """It stands in the widget's id too, so what is left out by its key stays left out."""
    use(exclude="secret_*")
    for name in (NOTES, OPEN):
        widgets.hear_change(1, state_of({}, {name: "typed"}, {name: ""}), name)
    assert [] == changes()  # OPEN was not seen drawn, and may be what is left out
    use()
    widgets.hear_change(1, state_of({OPEN: "typed"}, {OPEN: "more"}, {OPEN: ""}), OPEN)
    assert ["open"] == [r["key"] for r in changes()]


def test_what_a_browser_sends_again_is_no_change(visitor: Session) -> None:
    """Streamlit has forgotten the value; the person has done nothing."""
    for old, new in (({OPEN: ""}, "typed"), ({}, "typed"), ({}, ""), ({}, "other")):
        widgets.hear_change(1, state_of(old, {OPEN: new}, {OPEN: ""}), OPEN)
    assert [5, 5] == [r["new"].get("length", 5) for r in changes()]
    assert ["Changed open"] * 2 == [r["message"] for r in changes()]


def test_click_is_heard_each_time_though_the_app_forgets_it() -> None:
    """A button says the same each time; clicks are never what a browser sends again."""

    def page() -> None:
        import streamlit as st

        from streamlit_ext import instrument

        instrument()
        if st.button("Start over", key="over"):
            st.session_state.clear()
        st.button("Plain", key="plain")

    app = AppTest.from_function(page).run()
    for key in ("over", "over", "plain", "over", "plain"):
        app.button(key=key).click().run()
    assert ["over", "over", "plain", "over", "plain"] == [each["key"] for each in changes()]


def test_page_that_is_only_looked_at_is_no_visit() -> None:
    """`st.help(page)` and a kept `page.run` open nothing."""

    def app_of_pages() -> None:
        import streamlit as st

        from streamlit_ext import instrument

        instrument()

        def one() -> None:
            st.write("one")

        def two() -> None:
            st.write("two")

        pages = [st.Page(one, default=True), st.Page(two)]
        chosen = st.navigation(pages)
        kept = [page.run for page in pages]
        st.write(len(kept))
        chosen.run()

    app = AppTest.from_function(app_of_pages).run()
    assert not app.exception
    assert ["Opened one"] == [r["message"] for r in by_category(written_records(), "nav")]


def test_code_in_the_box_is_that_very_errors() -> None:
    """An error without a code of its own shows no other's."""

    def page() -> None:
        import streamlit as st

        from datatools_audit import log_exception
        from streamlit_ext import instrument

        instrument(show_codes=True)
        a, b = st.button("A", key="a"), st.button("B", key="b")
        if a:
            raise ValueError("first")
        if b:
            try:
                raise KeyError("second")
            except KeyError as error:
                log_exception("reading", error)
                raise

    app = AppTest.from_function(page).run()
    app.button(key="a").click().run()
    (code,) = [r["support_code"] for r in by_category(written_records(), "error")]
    assert any(code in e.value for e in app.error)
    app.button(key="b").click().run()
    assert not [e for e in app.error if "E-" in e.value]


def test_code_of_what_is_not_recorded_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is given a code that stands in no log."""

    def page() -> None:
        from streamlit_ext import instrument

        instrument(show_codes=True, record=lambda: False)
        raise ValueError("x")

    app = AppTest.from_function(page).run()
    assert not app.error
    assert [] == by_category(written_records(), "error")


def test_visitor_who_is_left_out_by_a_later_call_is_silent_at_once() -> None:
    """The run that brings the decision tells nothing more."""

    def page() -> None:
        import streamlit as st

        from datatools_audit import log_event
        from streamlit_ext import instrument

        if st.session_state.setdefault("runs", 0):
            instrument(record=lambda: False)
        else:
            instrument()
        st.session_state.runs += 1
        log_event("note", f"run {st.session_state.runs}")
        st.button("Again", key="again")

    app = AppTest.from_function(page).run()
    app.button(key="again").click().run()
    assert ["run 1"] == [r["message"] for r in by_category(written_records(), "note")]


def test_uninstrument_within_a_run_leaves_no_open_run() -> None:
    """Nobody will hear its end, so nobody waits for it."""
    from datatools_audit.recorder import recorder

    def page() -> None:
        from streamlit_ext import instrument

        instrument().uninstrument()

    AppTest.from_function(page).run()
    assert {} == recorder.watchdog._open
