"""At recording: secrets are taken out of free text before anything is made of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import datatools_audit as audit
from datatools_audit import AuditConfig, AuditHandler, Redaction, Rule, audit_stats, configure
from datatools_audit.recorder import recorder
from datatools_audit.redaction.always import FAILED, in_use, without_secrets, without_secrets_inside
from tests.helpers import written_records
from tests.redaction.labelled import negatives, positives
from tests.redaction.test_redactor import TEXTS
from tests.streamlit_ext.conftest import originals

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["originals"]

SECRET = "hunter2-is-it"
SAID = f"connect(host='db', password='{SECRET}') failed after 3 s"
REDACTED = "connect(host='db', password='<password>') failed after 3 s"


@pytest.fixture
def lines() -> Iterator[list[bytes]]:
    """Give each line that goes into the ring."""
    kept: list[bytes] = []
    put = recorder.writer.put

    def noted(line: bytes) -> None:
        kept.append(bytes(line))
        put(line)

    recorder.writer.put = noted  # type: ignore[method-assign]
    yield kept
    recorder.writer.put = put  # type: ignore[method-assign]


def assert_nowhere(secret: str, lines: list[bytes]) -> None:
    """The secret is neither in the ring nor in the file."""
    written_records()
    log = audit.audit_log_path().read_bytes()
    assert lines
    assert [] == [line for line in [log, *lines] if secret.encode() in line]


@given(text=TEXTS)
def test_without_secrets_never_raises_and_is_done_at_once(text: str) -> None:
    """Its own output stays as it is."""
    once = without_secrets(text)
    assert once == without_secrets(once)
    assert FAILED not in once


@given(text=st.text())
def test_without_secrets_leaves_ordinary_texts(text: str) -> None:
    """A text without any hint is the very same."""
    assert text == without_secrets(text)


@pytest.mark.parametrize("text", [case.text for case in negatives()[::11]])
def test_without_secrets_leaves_what_a_log_is_made_of(text: str) -> None:
    """Numbers, names and times have no secret in them."""
    assert text == without_secrets(text)


def test_without_secrets_leaves_what_tells_of_a_person() -> None:
    """That is redacted at hand-over."""
    text = "ann@example.com from 10.0.0.1 called +49 30 123456"
    assert text == without_secrets(text)


def test_without_secrets_cuts_what_no_record_would_hold() -> None:
    """Beyond twice the size of a value nothing is looked at, nor left."""
    assert "x" * 16_384 + "…" == without_secrets("x" * 1_000_000 + " password=hunter2")


@pytest.mark.parametrize(
    "piece",
    [
        *("password=", "secret\\", "key='", "--token ", "Bearer ", "Authorization: ", "<password>"),
        *("://a:", "://:", "://a:b", "@", "eyJ", "eyJaaaaaaaa.", "xox", "sk-", "a-", "AKIA"),
        *(
            "-----BEGIN PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----a",
            "://<a>:",
            "password=<a>",
        ),
        *("password={a", "('password','", "<password>x", "name='password' value='", "auth=('a','"),
        *("identified by '", "basicauth(a=", "pw", "SK0"),
    ],
)
def test_without_secrets_comes_back_from_hostile_texts(piece: str) -> None:
    """64 KiB of what a pattern begins with, over and over."""
    text = piece * (65_536 // len(piece))
    assert isinstance(without_secrets(text), str)


class Text(str):
    """A text whose own methods must not run."""

    def lower(self) -> str:
        raise AssertionError

    def __len__(self) -> int:
        raise AssertionError


def test_without_secrets_runs_no_method_of_a_foreign_text() -> None:
    """The base type's own conversion is used."""
    assert (str, REDACTED) == (type(without_secrets(Text(SAID))), without_secrets(Text(SAID)))


def test_without_secrets_inside_looks_into_plain_containers() -> None:
    """Numbers and what is no plain container stay."""
    given = [SAID, (SAID, 3), {"a": SAID}, None, {SAID}]
    assert [REDACTED, (REDACTED, 3), {"a": REDACTED}, None, {SAID}] == without_secrets_inside(given)


@pytest.mark.parametrize(
    "case", [c for c in positives()[::9] if c.rule == "jwt"] + positives()[:60:7]
)
def test_without_secrets_counts_by_rule(case: Any) -> None:
    """What was replaced at recording is in the counters."""
    assert case.value not in without_secrets(case.text)
    assert {case.rule: 1} == audit_stats().redacted


# What is recorded


def test_a_secret_in_an_exception_is_recorded_nowhere(lines: list[bytes]) -> None:
    """Not in message, text, traceback nor the causes; the rest stays."""
    try:
        try:
            raise KeyError(f"token={SECRET}7")
        except KeyError as cause:
            raise ValueError(SAID) from cause
    except ValueError as error:
        audit.log_exception(f"Reading postgres://ann:{SECRET}@db/x", error)
    (record,) = written_records()
    expected = f"Reading postgres://<credentials>@db/x: ValueError: {REDACTED}"
    assert (expected, REDACTED) == (record["message"], record["exc_message"])
    assert f"ValueError: {REDACTED}" in str(record["traceback"])
    assert "KeyError: 'token=<token>'" in str(record["traceback"])
    assert_nowhere(SECRET, lines)


def test_a_secret_in_a_group_of_exceptions_is_recorded_nowhere(lines: list[bytes]) -> None:
    """Its members say nothing secret either."""
    audit.log_exception("Loading", ExceptionGroup("two", [ValueError(SAID), OSError(SAID)]))
    assert 2 == str(written_records()[-1]["traceback"]).count(REDACTED)
    assert_nowhere(SECRET, lines)


def test_a_secret_is_not_cut_in_half_before_it_is_told(lines: list[bytes]) -> None:
    """A text is redacted before the traceback shortens it."""
    audit.log_exception("Loading", ValueError("x" * 1_000 + f" password={SECRET * 10}"))
    assert_nowhere(SECRET[:6], lines)


def test_a_secret_in_an_action_s_error_is_recorded_nowhere(lines: list[bytes]) -> None:
    """The end of an action quotes the exception."""
    with pytest.raises(ValueError, match="password"), audit.audit_action("load"):
        raise ValueError(SAID)
    assert REDACTED == written_records()[-1]["exc_message"]
    assert_nowhere(SECRET, lines)


def test_a_secret_in_an_exception_given_as_an_extra_is_recorded_nowhere(
    lines: list[bytes],
) -> None:
    """An exception's text is free text wherever it stands."""
    audit.log_event("load", "Failed", error=ValueError(SAID))
    assert f"ValueError: {REDACTED}" == written_records()[-1]["error"]
    assert_nowhere(SECRET, lines)


def test_fields_of_an_event_are_not_touched() -> None:
    """What an app records of its own is its own word."""
    audit.log_event("load", SAID, detail=SAID)
    (record,) = written_records()
    assert (SAID, SAID) == (record["message"], record["detail"])


def test_an_exception_is_asked_once_for_its_text() -> None:
    """However often the record quotes it."""
    asked: list[int] = []

    class AskedError(Exception):
        def __str__(self) -> str:
            asked.append(1)
            return SAID

    audit.log_exception("Loading", AskedError())
    assert [1] == asked


@pytest.mark.parametrize(
    ("message", "args", "expected"),
    [
        (SAID, (), REDACTED),
        ("login: password=%s, %d rows", (SECRET, 3), "login: password=<password>, 3 rows"),
        ("password=%s", (SECRET,), "password=<password>"),
    ],
)
def test_a_secret_in_a_logged_message_is_recorded_nowhere(
    message: str, args: tuple[object, ...], expected: str, lines: list[bytes]
) -> None:
    """It is looked for in the message as formatted."""
    logger = logging.Logger("tests.redaction")
    logger.addHandler(AuditHandler())
    logger.warning(message, *args)
    assert expected == written_records()[-1]["message"]
    assert_nowhere(SECRET, lines)


def test_a_secret_in_what_does_not_fit_its_message_is_recorded_nowhere(lines: list[bytes]) -> None:
    """Message and arguments are recorded apart then, both redacted."""
    logger = logging.Logger("tests.redaction")
    logger.addHandler(AuditHandler())
    logger.warning(f"token={SECRET}7 %d", SAID)
    record = written_records()[-1]
    assert ("token=<token> %d", [REDACTED]) == (record["message"], record["args"])
    assert_nowhere(SECRET, lines)


def test_a_secret_in_a_logged_exception_is_recorded_nowhere(lines: list[bytes]) -> None:
    """The handler tells an exception as ``log_exception`` does."""
    logger = logging.Logger("tests.redaction")
    logger.addHandler(AuditHandler())
    try:
        raise ValueError(SAID)
    except ValueError:
        logger.exception("failed")
    assert REDACTED == written_records()[-1]["exc_message"]
    assert_nowhere(SECRET, lines)


def app_with_a_field() -> None:
    import streamlit as st

    from streamlit_ext import instrument

    instrument(values="all")
    st.text_area("Settings", key="settings")
    st.chat_input("Ask", key="ask")


def test_a_secret_in_a_typed_text_is_recorded_nowhere(lines: list[bytes]) -> None:
    """Under ``all`` too; the rest of the text stays."""
    app = AppTest.from_function(app_with_a_field).run()
    app.text_area(key="settings").set_value(SAID).run()
    app.chat_input(key="ask").set_value(SAID).run()
    told = [r["new"] for r in written_records() if r["category"] == "widget"]
    assert [REDACTED, REDACTED] == told
    assert_nowhere(SECRET, lines)


# What an app may choose


def test_configure_takes_rules_of_the_app() -> None:
    """Those that are ``always`` run at recording."""
    always = Rule("customer", r"C-\d{4}", always=True)
    configure(AuditConfig(), redaction=Redaction((always, Rule("order", r"O-\d{4}"))))
    audit.log_exception("Loading", ValueError(f"C-1234 O-1234 {SAID}"))
    assert f"<customer> O-1234 {REDACTED}" == written_records()[-1]["exc_message"]


def test_a_rule_of_the_app_breaks_no_secret_up() -> None:
    """What it finds inside a secret goes with the whole of it."""
    configure(redaction=Redaction(Rule("customer", r"C-\d{4}", always=True)))  # type: ignore[arg-type]
    assert "postgres://<credentials>@db <customer>" == without_secrets(
        "postgres://C-1234:hunter2@db C-1234"
    )


def test_configure_takes_what_stays() -> None:
    """A text of the allow-list is not redacted, in any case."""
    configure(redaction=Redaction(allow=("EXAMPLE",)))
    assert "password=example password=<password>" == without_secrets(
        "password=example password=other7"
    )


def test_configure_switches_ours_off() -> None:
    """Then only the app's own run."""
    configure(redaction=Redaction(built_in=False))
    assert SAID == without_secrets(SAID)


def test_configure_without_a_redaction_keeps_it() -> None:
    """Settings that come later do not switch an app's own rules off."""
    chosen = Redaction(allow=("example",))
    configure(redaction=chosen)
    configure(AuditConfig())
    assert chosen == in_use()


def test_configure_refuses_what_is_no_redaction() -> None:
    """Told to whoever configures; the settings stay as they were."""
    with pytest.raises(TypeError, match="takes a Redaction, not dict"):
        configure(AuditConfig(), redaction={})  # type: ignore[arg-type]
    assert Redaction() == in_use()


def test_reset_forgets_what_was_chosen_and_counted() -> None:
    """Tests begin with the built-in rules."""
    configure(redaction=Redaction(built_in=False))
    audit.reset_for_tests()
    assert (REDACTED, {"password": 1}) == (without_secrets(SAID), audit_stats().redacted)
    audit.reset_for_tests()
    assert {} == audit_stats().redacted


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError])
def test_a_rule_that_fails_leaves_nothing_of_the_text(error: type[Exception]) -> None:
    """The record comes, with the reason in the text's place; the failure is counted."""

    def fail(_hit: str) -> bool:
        raise error

    configure(redaction=Redaction((Rule("bad", "bad", always=True, valid=fail),)))
    audit.log_exception("Loading", ValueError(f"bad {SECRET}"))
    assert FAILED == written_records()[-1]["exc_message"]
    assert {f"redaction: {error.__name__}": 1} == audit_stats().internal_failures


def test_what_stops_a_script_passes_through_a_rule() -> None:
    """Only an ``Exception`` is contained."""

    def stop(_hit: str) -> bool:
        raise KeyboardInterrupt

    configure(redaction=Redaction((Rule("bad", "bad", always=True, valid=stop),)))
    with pytest.raises(KeyboardInterrupt):
        without_secrets("bad")
