"""Which widgets are recorded, what the app takes out of a record, and who is not recorded."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from datatools_audit import AuditHandler, audit_log_path, audit_stats, log_event
from datatools_audit.installation import NAME
from streamlit_ext import _compat, instrument
from streamlit_ext.elements import Element
from streamlit_ext.policy import policy, use
from streamlit_ext.session import session_of
from tests.helpers import written_records
from tests.streamlit_ext.conftest import by_category

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHOICES: dict[str, Any] = {}
"""What the app below gives to `instrument`; its source runs without what a test has at hand."""

LOGGER = logging.getLogger("tests.policy")
FIELD = Element("text_input", "Your name")


@pytest.fixture(autouse=True)
def choices() -> Iterator[dict[str, Any]]:
    """Give what the app gives to ``instrument``, and have its logger heard."""
    handler = AuditHandler()
    LOGGER.addHandler(handler)
    LOGGER.propagate = False
    yield CHOICES
    CHOICES.clear()
    LOGGER.removeHandler(handler)


@pytest.fixture
def be(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that makes the next runs those of another visitor."""
    real = _compat.get_script_run_ctx
    present = ["ann"]

    class Context:
        """A run's context, with another session id."""

        def __init__(self, context: Any) -> None:
            self.session_id = present[0]
            self._context = context

        def __getattr__(self, name: str) -> Any:
            return getattr(self._context, name)

    def renamed(**options: Any) -> Any:
        context = real(**options)
        return None if context is None else Context(context)

    monkeypatch.setattr(_compat, "get_script_run_ctx", renamed)
    return lambda name: present.__setitem__(0, name)


def app_of_everything() -> None:
    import streamlit as st

    import datatools_audit
    from streamlit_ext import audit_action, audited_page, instrument
    from tests.streamlit_ext import test_policy

    instrument(app="shop", **test_policy.CHOICES)
    datatools_audit.log_session_start()
    datatools_audit.log_event("test", "of the app")
    datatools_audit.log_page_open("somewhere")
    datatools_audit.log_exception("Reading", ValueError("handled"))
    test_policy.LOGGER.warning("logged")
    with audit_action("analyze"):
        st.text_input("Your name", key="filter_name")

    @audited_page
    def home() -> None:
        st.checkbox("Agree", key="agree")

    home()
    if st.button("Break", key="break"):
        raise LookupError("uncaught")


def upload(visitor: str, number: int = 1) -> None:
    file = UploadedFileRec(f"file-{visitor}-{number}", "people.csv", "text/csv", b"1")
    MemoryUploadedFileManager("/upload").add_file(visitor, file)


def do_everything() -> AppTest:
    app = AppTest.from_function(app_of_everything).run()
    app.text_input(key="filter_name").set_value("typed").run()
    app.checkbox(key="agree").check().run()
    return app.button(key="break").click().run()


def told(category: str) -> list[object]:
    return [record["message"] for record in by_category(written_records(), category)]


# Which widgets


@pytest.mark.parametrize(
    ("include", "exclude", "key", "expected"),
    [
        (None, (), None, True),
        ("filter_*", (), "filter_name", True),
        ("filter_*", (), "name", False),
        ("filter_*", (), None, False),
        ("Your*", (), None, True),
        ("your*", (), None, False),
        ("text_input", (), None, True),
        ("text", (), None, False),
        ("*", (), None, True),
        ((), (), "filter_name", False),
        (["x", "filter_?ame"], (), "filter_name", True),
        (iter(["filter_[mn]ame"]), (), "filter_name", True),
        (None, "filter_*", "filter_name", False),
        (None, "*name", None, False),
        (None, "text_*", "filter_name", False),
        (None, "button", "filter_name", True),
        ("filter_*", "*_name", "filter_name", False),
        ("filter_*", "Your name", "filter_name", False),
        ("*", "*", None, False),
    ],
)
def test_policy_hears(include: Any, exclude: Any, key: str | None, expected: object) -> None:
    """A pattern matches the key, the label or the kind; what excludes is the stronger."""
    use(include=include, exclude=exclude)
    assert expected == policy().hears(FIELD, key)


def test_policy_hears_nothing_of_what_has_no_name() -> None:
    """Where only some are included, a widget without key and label goes by its kind."""
    nameless = Element("widget", "")
    use(include="*name*")
    assert not policy().hears(nameless)
    use(exclude="widget")
    assert not policy().hears(nameless)


def test_policy_includes_and_excludes(choices: dict[str, Any]) -> None:
    """Of the app's widgets those are recorded that it has named; other records stay."""
    choices.update(include=["filter_*", "Agree"], exclude="checkbox")
    do_everything()
    assert ["Changed Your name"] == told("widget")
    assert 1 == len([r for r in by_category(written_records(), "error") if "uncaught" in str(r)])


@pytest.mark.parametrize(("exclude", "expected"), [("file_uploader", 0), ("secret *", 0), ((), 1)])
def test_policy_excludes_uploads(exclude: str | tuple[str, ...], expected: int) -> None:
    """An upload for a widget that nobody has seen drawn is none where anything is left out."""
    instrument(exclude=exclude)
    upload("ann")
    assert expected == len(told("upload"))


# What is taken out


def test_policy_redact_has_the_last_word(choices: dict[str, Any]) -> None:
    """It changes any field, the message tells the label that it leaves, and it may add."""
    seen = []

    def redact(fields: dict[str, object]) -> dict[str, object]:
        seen.append(dict(fields))
        return fields | {"label": "L", "key": "K", "old": "O", "new": "N", "more": 1}

    choices.update(redact=redact, values="all")
    do_everything()
    change, *_ = by_category(written_records(), "widget")
    assert ("Changed L", "text_input", "L", "K", "O", "N", 1) == tuple(
        change[name] for name in ("message", "kind", "label", "key", "old", "new", "more")
    )
    assert {
        "kind": "text_input",
        "label": "Your name",
        "key": "filter_name",
        "old": "",
        "new": "typed",
    } == seen[0]
    log = audit_log_path().read_text()
    assert not [word for word in ("Your name", "filter_name", "typed") if word in log]


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        (["label"], "Changed filter_name"),
        (["key"], "Changed Your name"),
        (["label", "key"], "Changed text_input"),
    ],
)
def test_policy_message_follows_what_redact_leaves(
    choices: dict[str, Any], gone: list[str], message: str
) -> None:
    """Without a label the message says the key, without both the kind."""
    choices["redact"] = lambda fields: {k: v for k, v in fields.items() if k not in gone}
    do_everything()
    assert message == told("widget")[0]


def test_policy_redacts_uploads() -> None:
    """A file's name is taken out of record and message."""
    instrument(redact=lambda fields: {**fields, "filename": None})
    upload("ann")
    (record,) = by_category(written_records(), "upload")
    assert ("Uploaded a file", None) == (record["message"], record["filename"])
    assert "people" not in audit_log_path().read_text()


def test_policy_redact_leaves_a_record_out(choices: dict[str, Any]) -> None:
    """None is no record, and no gap in the counter."""
    choices["redact"] = lambda _fields: None
    do_everything()
    upload("ann")
    assert ([], []) == (told("widget"), told("upload"))
    seq = [record["seq"] for record in written_records()]
    assert list(range(1, len(seq) + 1)) == sorted(seq)  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("redact", "failure"),
    [
        (lambda _fields: 1 / 0, "redact: ZeroDivisionError"),
        (lambda _one, _two: {}, "redact: TypeError"),
        (lambda _fields: "no mapping", "hook widgets: AttributeError"),
    ],
    ids=["raises", "takes two", "returns a text"],
)
def test_policy_records_nothing_where_redact_fails(
    choices: dict[str, Any], redact: object, failure: str
) -> None:
    """What might be secret stays out, the failure is counted, and the app sees nothing of it."""
    choices["redact"] = redact
    app = do_everything()
    assert ["uncaught"] == [error.value for error in app.exception]
    assert [] == told("widget")
    assert {failure: 3} == audit_stats().internal_failures


@pytest.mark.parametrize(
    "wrong",
    [
        {"include": 5},
        {"include": [1]},
        {"exclude": [b"name"]},
        {"exclude": ["name", None]},
        {"redact": "name"},
        {"record": True},
    ],
)
def test_policy_refuses_what_it_cannot_use(wrong: dict[str, Any]) -> None:
    """A mistake of the app's author is told, and what was in force stays so."""
    instrument(include="name")
    before = policy()
    with pytest.raises(TypeError):
        instrument(**wrong)
    assert before is policy()


# Who


@pytest.mark.parametrize(
    ("answer", "is_heard"), [(True, True), (1, True), (False, False), (None, False), ("", False)]
)
def test_policy_record_decides(
    choices: dict[str, Any],
    answer: object,
    is_heard: bool,  # noqa: FBT001
) -> None:
    """Whatever is false mutes the visitor: of nothing they do there is a record."""
    choices["record"] = lambda: answer
    do_everything()
    upload("test session id")
    assert is_heard == bool(written_records())
    assert {} == audit_stats().internal_failures


def test_policy_record_that_fails_mutes(choices: dict[str, Any]) -> None:
    """Where it cannot be told whether somebody agrees they are not recorded; it is counted."""
    choices["record"] = lambda: 1 / 0
    app = do_everything()
    assert ["uncaught"] == [error.value for error in app.exception]
    assert [] == written_records()
    assert {"record: ZeroDivisionError": 1} == audit_stats().internal_failures


def test_policy_record_is_asked_once_a_session_in_its_run(
    choices: dict[str, Any], be: Callable[[str], None]
) -> None:
    """However often the script runs, once, while it does, so that ``st.user`` is at hand."""
    asked = []

    def record() -> bool:
        context = _compat.run_context()
        assert context is not None
        asked.append(context.session_id)
        return True

    choices["record"] = record
    for name in ("ann", "bob", "ann"):
        be(name)
        do_everything()
    assert ["ann", "bob"] == asked


def test_policy_mutes_one_of_two_visitors(
    choices: dict[str, Any], be: Callable[[str], None]
) -> None:
    """Of the muted one nothing at all is recorded, and the other's records have no gap."""
    choices["record"] = lambda: _compat.run_context().session_id == "heard"  # type: ignore[union-attr]
    for name in ("muted", "heard", "muted", "heard"):
        be(name)
        upload(name)
        do_everything()
        upload(name, 2)
    records = written_records()
    assert {session_of("heard").id} == {record["session"] for record in records}
    assert {
        "session",
        "nav",
        "widget",
        "upload",
        "error",
        "log",
        "run",
        "analyze",
        "test",
    } == {record["category"] for record in records}
    assert list(range(1, len(records) + 1)) == sorted(r["seq"] for r in records)  # type: ignore[type-var]
    assert {} == audit_stats().internal_failures


def test_policy_record_hears_nothing_before_it_is_asked(
    choices: dict[str, Any], be: Callable[[str], None]
) -> None:
    """A file that comes before the first run is not recorded, of whomever; later ones are."""
    choices["record"] = lambda: True
    be("ann")
    instrument(record=choices["record"])
    upload("ann")
    assert [] == written_records()
    do_everything()
    upload("ann", 2)
    assert ["Uploaded people.csv"] == told("upload")


def test_policy_record_is_asked_where_only_an_earlier_run_instrumented(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A visitor whose upload came first is asked in the first run, whatever that run calls."""
    instrument(record=lambda: True)
    upload("ann")
    context = SimpleNamespace(session_id="ann", page_script_hash="p", user_info=None)
    monkeypatch.setattr("streamlit_ext.session.run_context", lambda: context)
    log_event("test", "in a run")
    assert ["in a run"] == told("test")


def test_policy_muted_visitor_is_no_pseudonym(
    choices: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has signed in and is muted has neither a record nor a key made for it."""
    monkeypatch.setattr("streamlit_ext.session.visitor_info", lambda _: {"sub": "someone"})
    choices["record"] = lambda: False
    do_everything()
    assert [] == written_records()
    assert not (audit_log_path().parent / NAME).exists()


def test_policy_others_are_heard_beside_a_muted_visitor(choices: dict[str, Any]) -> None:
    """What no visitor does, as a thread of the app's own, is the process's and recorded."""
    choices["record"] = lambda: False
    do_everything()
    log_event("test", "of the process")
    assert ["of the process"] == told("test")
