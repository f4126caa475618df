"""Actions in a script run: the core's, with session and page."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from streamlit_ext import audit_action
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category


def app_with_action() -> None:
    import streamlit as st

    from streamlit_ext import audit_action, audited_page

    @audited_page(slug="analyze")
    def page() -> None:
        with audit_action("profile", rows=3) as action:
            action.add(columns=2)
            if st.session_state.get("stop"):
                st.stop()

    page()


def ends(category: str) -> list[dict[str, Any]]:
    return [r for r in by_category(written_records(), category) if r["phase"] == "end"]


def test_action_has_session_and_page_of_the_run() -> None:
    """Both records of an action belong to the visitor and the page."""
    AppTest.from_function(app_with_action).run()
    nav, start, end = written_records()
    assert nav["session"] == start["session"] == end["session"]
    assert ("analyze", "analyze") == (start["page"], end["page"])
    assert ("ok", 3, 2) == (end["outcome"], end["rows"], end["columns"])


def test_action_stopped_script_is_interrupted() -> None:
    """`st.stop` inside an action ends it as interrupted, and stops the script."""
    app = AppTest.from_function(app_with_action)
    app.session_state["stop"] = True
    app.run()
    (end,) = ends("profile")
    assert not app.exception
    assert "interrupted" == end["outcome"]


def test_action_decorates_outside_of_a_run() -> None:
    """Without a script run the process is the session, and no page is known."""

    @audit_action("load")
    def load() -> int:
        return 7

    assert 7 == load()
    (end,) = ends("load")
    assert "page" not in end
