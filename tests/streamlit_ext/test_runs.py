"""Runs of the script: start and end at debug, those that hang, and errors outside of the body."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from datatools_audit import AuditConfig, configure
from streamlit_ext import instrument, on_script_error
from streamlit_ext.session import session_of
from tests.helpers import written_records
from tests.streamlit_ext.browser import VERSION, VISITOR, tick
from tests.streamlit_ext.conftest import by_category


def app_that_ends_in_each_way() -> None:
    import streamlit as st

    from datatools_audit import log_event
    from streamlit_ext import instrument

    instrument(app="shop")
    log_event("test", "in the body")
    if st.button("Break", key="break"):
        raise LookupError("broken")
    if st.button("Stop", key="stop"):
        st.stop()
    if st.button("Again", key="again"):
        st.rerun()

    def break_it() -> None:
        raise ValueError("in a callback")

    st.button("Call back", key="callback", on_click=break_it)


def runs() -> list[dict[str, Any]]:
    return by_category(written_records(), "run")


def outcomes() -> list[object]:
    return [record["outcome"] for record in runs() if record["phase"] == "end"]


def test_run_is_a_start_and_an_end_at_debug() -> None:
    """Both carry the run's id; the start is before the first record of the body."""
    app = AppTest.from_function(app_that_ends_in_each_way).run()
    app.run()
    first, start_1, body_1, end_1, start_2, body_2, end_2 = written_records()
    assert "session" == first["category"]
    assert ["in the body"] * 2 == [body_1["message"], body_2["message"]]
    assert {"debug"} == {record["level"] for record in (start_1, end_1, start_2, end_2)}
    assert ("start", "end", "ok") == (start_1["phase"], end_1["phase"], end_1["outcome"])
    assert start_1["run_id"] == end_1["run_id"] != start_2["run_id"] == end_2["run_id"]
    assert isinstance(end_1["duration_ms"], float)
    assert 1 == len({record["session"] for record in written_records()})


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ("break", ["ok", "error"]),
        ("callback", ["ok", "error"]),
        ("stop", ["ok", "ok"]),
        ("again", ["ok", "interrupted", "ok"]),
    ],
)
def test_run_ends_with_an_outcome(button: str, expected: list[str]) -> None:
    """Streamlit says `success` also after an error; a rerun interrupts, a stop does not."""
    app = AppTest.from_function(app_that_ends_in_each_way).run()
    app.button(key=button).click().run()
    assert expected == outcomes()
    assert 2 * len(expected) == len(runs())


def app_with_a_fragment() -> None:
    import streamlit as st

    from streamlit_ext import instrument

    instrument(app="shop")

    @st.fragment
    def part() -> None:
        st.checkbox("Inside", key="inside")

    part()


@pytest.mark.skipif(VERSION < (1, 67), reason="this Streamlit's AppTest forgets its fragments")
def test_run_of_fragments_is_told_once_until_somebody_does_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ticks of the same fragment are one pair of records, and one more behind a click."""
    app = AppTest.from_function(app_with_a_fragment).run()
    for _ in range(3):
        tick(app, monkeypatch)
    told: list[object] = [None, None, 1, 1]
    assert told == [record.get("fragments") for record in runs()]
    inside = {"bool_value": True}
    tick(app, monkeypatch, inside=inside)
    told += [1, 1]
    assert told == [record.get("fragments") for record in runs()]
    for _ in range(2):
        tick(app, monkeypatch, inside=inside)
    told += [1, 1]
    assert told == [record.get("fragments") for record in runs()]
    app.run()
    tick(app, monkeypatch)
    assert [*told, None, None, 1, 1] == [record.get("fragments") for record in runs()]


def app_that_hangs() -> None:
    import time

    from streamlit_ext import instrument
    from streamlit_ext.hooks.runs import _runs

    instrument(app="shop")

    def wait_until_told() -> None:
        while not any(run.work.told for run in _runs().values()):
            time.sleep(0.01)

    wait_until_told()


def test_run_that_hangs_is_told_with_its_stack() -> None:
    """One warning with the app's own line, and then the end at info."""
    configure(AuditConfig(hang_seconds=0.05))
    app = AppTest.from_function(app_that_hangs).run()
    assert not app.exception
    (hang,) = by_category(written_records(), "hang")
    start, end = runs()
    assert ("warning", start["run_id"]) == (hang["level"], hang["run_id"])
    assert "A run has been open for" in str(hang["message"])
    assert "in app_that_hangs" in str(hang["stack"])
    assert ("info", "ok", start["run_id"]) == (end["level"], end["outcome"], end["run_id"])


def test_run_of_a_script_that_cannot_be_compiled_is_an_error(
    originals: dict[str, object],
) -> None:
    """Not one line of the app ran; an app that was instrumented before tells it all the same."""
    instrument(app="shop")
    AppTest.from_string("import streamlit as st\nst.write(").run()
    (error,) = by_category(written_records(), "error")
    assert ("SyntaxError", session_of(VISITOR).id) == (error["exc_type"], error["session"])
    assert str(error["message"]).startswith("Cannot compile: SyntaxError: ")
    assert ["error"] == outcomes()


def app_with_a_thread() -> None:
    import threading

    import streamlit as st
    from streamlit.runtime.scriptrunner import add_script_run_ctx

    from streamlit_ext import instrument

    instrument(app="shop")

    def work() -> None:
        raise LookupError("in a thread")

    for name in ("with", "without"):
        if st.button(name, key=name):
            thread = threading.Thread(target=work, name=f"worker {name}")
            if name == "with":
                add_script_run_ctx(thread)
            thread.start()
            thread.join()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("button", ["with", "without"])
def test_error_in_a_thread_is_one_record(button: str) -> None:
    """Of the session whose context the thread was given, else of the process."""
    app = AppTest.from_function(app_with_a_thread).run()
    app.button(key=button).click().run()
    (error,) = by_category(written_records(), "error")
    assert f"In thread worker {button}: LookupError: in a thread" == error["message"]
    assert "<locals>.work" in str(error["traceback"])
    assert str(error["support_code"]).startswith("E-")
    assert (button == "with") == (session_of(VISITOR).id == error["session"])


@pytest.mark.parametrize("instrumented", [True, False])
def test_error_told_by_streamlits_own_hook_is_one_record(*, instrumented: bool) -> None:
    """`on_script_error` hears what `instrument` does not, and never the same twice."""
    if instrumented:
        hooks = instrument(app="shop")
        assert hooks.status()["errors"].active
    exc = LookupError("broken")
    if instrumented:
        from streamlit_ext.hooks.errors import hear_error

        hear_error(exc)  # it comes first
    assert on_script_error(exc) is None
    (error,) = by_category(written_records(), "error")
    assert "LookupError" == error["exc_type"]


@pytest.mark.parametrize("answer", [True, False, None])
def test_error_handler_of_the_app_keeps_its_answer(*, answer: bool | None) -> None:
    """The app's own handler is asked with the exception, and what it says stands."""
    asked = []

    def handler(exc: Exception) -> bool | None:
        asked.append(exc)
        return answer

    exc = LookupError("broken")
    assert answer is on_script_error(handler)(exc)
    assert [exc] == asked
    assert 1 == len(by_category(written_records(), "error"))


def test_error_handler_of_the_app_may_raise() -> None:
    """What it raises travels on; the first exception has its record."""

    def handler(exc: Exception) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        on_script_error(handler)(LookupError("broken"))
    assert ["LookupError"] == [r["exc_type"] for r in by_category(written_records(), "error")]


def app_that_shows_codes() -> None:
    import streamlit as st

    from streamlit_ext import instrument

    instrument(app="shop", show_codes=st.session_state.get("codes", False))
    raise LookupError("broken")


@pytest.mark.parametrize("codes", [True, False])
def test_error_box_says_the_code_where_the_app_wants_it(*, codes: bool) -> None:
    """The code is that of the record; by default nothing is drawn but Streamlit's own box."""
    app = AppTest.from_function(app_that_shows_codes)
    app.session_state["codes"] = codes
    app.run()
    (error,) = by_category(written_records(), "error")
    said = [box.value for box in app.error]
    assert [f"If you ask for help, give this code: **{error['support_code']}**"] * codes == said
    assert 1 == len(app.exception)
