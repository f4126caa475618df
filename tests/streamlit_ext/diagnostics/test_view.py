"""The Diagnostics page as a person sees it, driven by AppTest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from datatools_audit import audit_log_path, flush_audit_log, log_event, log_exception
from datatools_audit.record import strict
from datatools_audit.recorder import recorder
from streamlit_ext.diagnostics import overview, table, widgets
from streamlit_ext.diagnostics.source import LogUnavailableError
from streamlit_ext.policy import Values, use
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category

if TYPE_CHECKING:
    from pathlib import Path


def page_for_all() -> None:
    from streamlit_ext import diagnostics_page

    diagnostics_page(scope="all")


def page_for_session() -> None:
    from streamlit_ext import diagnostics_page

    diagnostics_page()


def table_of(app: AppTest, column: str) -> Any:
    return next(each.value for each in app.dataframe if column in each.value.columns)


def messages(app: AppTest) -> list[str]:
    return list(table_of(app, "Message")["Message"])


def key(name: str) -> str:
    return f"_datatools_audit_{name}"


def test_view_of_an_empty_log() -> None:
    """The first look shows the page's own opening and no error."""
    app = AppTest.from_function(page_for_all).run()
    assert not app.exception
    assert ["Opened diagnostics"] == messages(app)
    assert ["1", "0"] == [m.value for m in app.metric][:2]


@pytest.mark.parametrize(
    ("values", "promise"),
    [
        ("shape", "What you type and what is in your files is not recorded;"),
        ("choices", "among what the app offers is recorded, what you type and what is in your"),
        ("all", "What you choose and type is recorded, but no password"),
    ],
)
def test_view_promises_what_the_policy_keeps(values: Values, promise: str) -> None:
    """What the page says of typed text is what is done with it."""
    use(values=values)
    app = AppTest.from_function(page_for_all).run()
    assert promise in app.markdown[0].value


def test_view_when_recording_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a log the page says so and stays whole."""
    monkeypatch.setenv("DATATOOLS_AUDIT_ENABLED", "0")
    app = AppTest.from_function(page_for_all).run()
    assert not app.exception
    assert any("Recording is switched off" in i.value for i in app.info)
    assert any("No record passes" in i.value for i in app.info)


def test_view_filters_by_level_category_and_text() -> None:
    """Each filter narrows the table; together they may leave nothing, which is said."""
    log_event("upload", "Uploaded people.csv")
    log_event("analyze", "analyze failed", level="warning")
    app = AppTest.from_function(page_for_all).run()
    app.multiselect(key="_datatools_audit_levels").select("warning").run()
    assert ["analyze failed"] == messages(app)
    app.multiselect(key="_datatools_audit_levels").unselect("warning")
    app.multiselect(key="_datatools_audit_categories").select("upload").run()
    assert ["Uploaded people.csv"] == messages(app)
    app.text_input(key="_datatools_audit_search").set_value("nowhere").run()
    assert any("No record passes" in i.value for i in app.info)


def test_view_shows_a_traceback_as_one() -> None:
    """An error opens to its traceback, set as code."""
    try:
        raise ValueError("bad column")
    except ValueError as error:
        log_exception("Analyze", error)
    app = AppTest.from_function(page_for_all).run()
    app.selectbox(key=key("session")).select(recorder.process_session.id).run()
    (steps,) = [element.proto.body for element in app.get("html")]
    assert "<details>" in steps
    assert "Traceback (most recent call last):" in steps
    assert ["ValueError"] == list(table_of(app, "Error")["Error"])


def test_view_session_scope_shows_nothing_of_the_server() -> None:
    """A visitor sees the own session: no path, no server counters, no other's records."""
    log_event("secret", "of the process")
    app = AppTest.from_function(page_for_session).run()
    drawn = " ".join(str(e.value) for e in [*app.code, *app.text, *app.markdown, *app.metric])
    assert ["Opened diagnostics"] == messages(app)
    assert "Session" not in table_of(app, "Message").columns
    assert str(audit_log_path().parent) not in drawn
    assert 2 == len(app.metric)


def test_view_all_scope_shows_counters_and_path() -> None:
    """At the desktop the page tells the writer's counters, its file and its hooks."""
    app = AppTest.from_function(page_for_all).run()
    counters = table_of(app, "State")
    rows = dict(zip(counters["What"], counters["State"], strict=True))
    assert str(audit_log_path().parent) in [c.value for c in app.code]
    assert {"Queued", "Written", "Dropped", "Last error", "Writer"} <= set(rows)


def test_view_does_not_record_its_own_widgets() -> None:
    """Of the page itself only its opening is recorded."""
    app = AppTest.from_function(page_for_all).run()
    app.text_input(key="_datatools_audit_search").set_value("x").run()
    app.multiselect(key="_datatools_audit_levels").select("info").run()
    assert ["Opened diagnostics"] == [r["message"] for r in written_records()]


def test_view_draws_hostile_text_as_text() -> None:
    """Markup in a message, a name or a type stays out of everything that is Markdown."""
    hostile = "<script>x</script> **b** [l](javascript:x) $x$ :red[r]"
    kind = type("**bold**<b>", (Exception,), {})
    log_event("upload", hostile, filename=hostile)
    log_exception(hostile, kind(hostile))
    app = AppTest.from_function(page_for_all).run()
    markdown = [*app.markdown, *app.markdown, *app.info, *app.warning, *app.success, *app.title]
    drawn = " ".join([*(m.value for m in markdown), *(e.label for e in app.expander)])
    assert not app.exception
    assert not [sign for sign in ("<script>", "javascript:", "$x$", ":red", "<b>") if sign in drawn]


def test_view_says_that_the_log_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that cannot be read is one sentence on the page, no error of the app's."""

    def refuse(*_: Any, **__: Any) -> None:
        raise LogUnavailableError("The folder does not answer.")

    monkeypatch.setattr(overview, "read", refuse)
    app = AppTest.from_function(page_for_all).run()
    assert not app.exception
    assert [e.value for e in app.error] == ["The log cannot be shown now."]
    assert "The folder does not answer." in [t.value for t in app.text]


def test_view_of_a_log_that_cannot_be_written_keeps_its_head(
    log_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the folder's place: the page says what is wrong, where, and what waits."""
    log_folder.touch()
    log_event("test", "waits")
    written = flush_audit_log(2)
    app = AppTest.from_function(page_for_all).run()
    assert (False, False) == (written, bool(app.exception))
    (said,) = app.warning
    assert said.value.startswith("**Degraded.** The log cannot be written now.")
    assert any("wait in memory. NotADirectoryError" in t.value for t in app.text)
    assert str(log_folder) in [c.value for c in app.code]
    assert "Report a problem" in [b.label for b in app.button]


def broken(day: str, code: str, message: str = "no") -> bytes:
    """Return an error of a session of that day as a line."""
    record = {
        "ts": f"{day}T12:00:00.000+00:00",
        "level": "error",
        "category": "error",
        "session": "0000cafe",
        "message": f"In a: ValueError: {message}",
        "proc": "0000aaaa",
        "seq": 1,
        "exc_type": "ValueError",
        "exc_message": message,
        "traceback": "Traceback",
        "support_code": code,
    }
    return strict.dumps(record) + b"\n"


def test_view_finds_a_code_on_whichever_day(log_folder: Path) -> None:
    """Who is told a code sees its error, whatever day it was, however the code is typed."""
    log_folder.mkdir()
    (log_folder / "datatools-2026-05-18.jsonl").write_bytes(broken("2026-05-18", "E-7K3F9Q"))
    app = AppTest.from_function(page_for_all).run()
    app.text_input(key=key("typed_code")).set_value("7k3f9q").run()
    assert not app.exception
    assert any("E-7K3F9Q is found: ValueError, 2026-05-18" in s.value for s in app.success)
    assert "2026-05-18" == app.selectbox(key=key("day")).value
    (steps,) = [element.proto.body for element in app.get("html")]
    assert "<details open>" in steps
    assert ["2026-05-18", "0000cafe", "E-7K3F9Q"] == [
        "".join(app.query_params[name]) for name in ("day", "session", "code")
    ]
    app.selectbox(key=key("day")).select(app.selectbox(key=key("day")).options[0][-10:]).run()
    assert not app.exception


@pytest.mark.parametrize(
    ("typed", "said"),
    [("E-000000", "No log that is kept has E-000000."), ("foo", "That is no support code.")],
)
def test_view_says_what_is_wrong_with_a_code(typed: str, said: str) -> None:
    """One that nobody has given out, and what is none."""
    app = AppTest.from_function(page_for_all).run()
    app.text_input(key=key("typed_code")).set_value(typed).run()
    assert not app.exception
    assert any(w.value.startswith(said) for w in app.warning)


def test_view_finds_no_code_of_another_session(log_folder: Path) -> None:
    """A visitor's code may be of the session before a reload: it goes along, and shows nothing."""
    log_event("test", "of the process")
    log_exception("of another", ValueError("secret"), support_code="E-7K3F9Q")
    app = AppTest.from_function(page_for_session).run()
    assert any("A reload begins a new session" in m.value for m in app.markdown)
    app.text_input(key=key("typed_code")).set_value("E-7K3F9Q").run()
    assert any("E-7K3F9Q is not of this session." in i.value for i in app.info)
    assert "secret" not in str(app.main)


def test_view_day_that_is_not_kept_is_said() -> None:
    """A link may be older than the logs."""
    app = AppTest.from_function(page_for_all)
    app.query_params["day"] = "2020-01-01"
    app.run()
    assert any("No log of 2020-01-01 is kept any more." == w.value for w in app.warning)


def test_view_who_may_see_all_is_asked_at_each_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page shows follows the app's answer, and does not keep the one of before."""

    def page() -> None:
        import os

        from streamlit_ext import diagnostics_page

        diagnostics_page(scope=lambda: os.environ["MAY_SEE_ALL"] == "1")

    log_event("test", "of the process")
    monkeypatch.setenv("MAY_SEE_ALL", "1")
    app = AppTest.from_function(page).run()
    assert "of the process" in messages(app)
    monkeypatch.setenv("MAY_SEE_ALL", "0")
    app.run()
    assert ["Opened diagnostics"] == messages(app)


def test_view_order_by_level_is_by_how_bad_it_is() -> None:
    """The worst comes first, not the last of the alphabet."""
    for level in ("info", "error", "warning", "critical"):
        log_event("test", level, level=level)
    app = AppTest.from_function(page_for_all).run()
    app.selectbox(key=key("order")).select("Level").run()
    assert ["critical", "error", "warning"] == messages(app)[:3]


def test_view_offers_other_apps() -> None:
    """Where another app shares the folder a switch shows its records too."""
    recorder.app = ("shop", None)
    log_event("test", "ours")
    written_records()
    with audit_log_path().open("ab") as file:
        file.write(
            b'{"ts":"2026-05-19T21:22:47.123+00:00","level":"info","category":"session",'
            b'"session":"a1b2c3d4","message":"of the bank","proc":"0000aaaa",'
            b'"seq":1,"app":"bank"}\n'
        )
    app = AppTest.from_function(page_for_all).run()
    assert "of the bank" not in messages(app)
    app.toggle(key="_datatools_audit_every_app").set_value(True).run()
    assert "of the bank" in messages(app)


def test_view_limits_the_rows_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long log only the newest rows reach the browser, and the page says so."""
    monkeypatch.setattr(table, "SHOWN_ROWS", 10)
    for number in range(30):
        log_event("test", f"event {number}")
    app = AppTest.from_function(page_for_all).run()
    assert 10 == len(messages(app))
    assert any("10 of 31 records" in c.value for c in app.markdown)


def test_view_older_streamlit_reads_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a download cannot be deferred the bytes are there at once, the record at the click."""
    monkeypatch.setattr(widgets, "can_defer_downloads", lambda: False)
    app = AppTest.from_function(page_for_all).run()
    assert not app.exception
    assert [] == by_category(written_records(), "download")
    if hasattr(app, "download_button"):  # >= 1.62
        app.download_button[0].click().run()
        assert 1 == len(by_category(written_records(), "download"))
