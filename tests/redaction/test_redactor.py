"""At hand-over: all rules, and names that stay the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datatools_audit import Redaction, Rule, audit_stats, configure
from datatools_audit.redaction.always import FAILED
from datatools_audit.redaction.redactor import Redactor
from tests.redaction.labelled import positives

_PIECES = [case.value for case in positives()] + [case.text for case in positives()[::7]]
_PIECES += [
    "password=",
    "token: '",
    "\\",
    '"',
    "<email-1>",
    "<",
    ">",
    "://",
    "@",
    "\udc80",
    "/home/",
]
TEXTS = st.lists(st.sampled_from(_PIECES) | st.text(max_size=20), max_size=8).map("".join)


def test_redactor_gives_the_same_value_the_same_name() -> None:
    """Across texts, so that steps stay readable; another value has the next number."""
    redactor = Redactor()
    told = [redactor.text(f"from {who}@x.de") for who in ("ann", "bob", "ann")]
    assert ["from <email-1>", "from <email-2>", "from <email-1>"] == told


def test_redactor_of_another_bundle_begins_anew() -> None:
    """Names of two bundles cannot be joined."""
    assert ["<email-1>"] * 2 == [Redactor().text(who) for who in ("ann@x.de", "bob@x.de")]


def test_redactor_counts_by_rule() -> None:
    """Each replacement counts, also that of a text that came before."""
    redactor = Redactor()
    for _ in range(3):
        redactor.text("ann@x.de and bob@x.de from 10.0.0.1")
    assert {"email": 6, "ip": 3} == redactor.counts


@given(text=TEXTS)
def test_redactor_never_raises_and_is_done_at_once(text: str) -> None:
    """Its own output stays as it is, and the same text becomes the same."""
    redactor = Redactor()
    once = redactor.text(text)
    assert (once, once) == (redactor.text(once), redactor.text(text))
    assert FAILED not in once


@given(text=TEXTS)
def test_redactor_is_the_same_in_every_process(text: str) -> None:
    """Two redactors agree on the same text."""
    assert Redactor().text(text) == Redactor().text(text)


def test_redactor_leaves_what_was_redacted_at_recording() -> None:
    """A name in its brackets is no text any more."""
    assert "password=<password>, <jwt>" == Redactor().text("password=<password>, <jwt>")


@pytest.mark.parametrize("text", ["<bob@x.de>", "<module>", "<string>", "</home/bob/x>"])
def test_redactor_takes_only_its_own_names_for_redacted(text: str) -> None:
    """Brackets of somebody else's hide nothing."""
    assert "bob" not in Redactor().text(text)


def test_redactor_of_a_record_leaves_what_is_ours() -> None:
    """Moment, level, ids, numbers and the order of the fields stay."""
    record: dict[str, object] = {
        "ts": "2026-05-19T21:22:47.123+00:00",
        "level": "error",
        "category": "error",
        "session": "12345678",
        "message": "In home: no ann@x.de",
        "proc": "87654321",
        "seq": 5105105105105100,
        "run_id": "12345678",
        "support_code": "E-123456",
        "filename": "customers_2024-05-01.csv",
        "rows": 5105105105105100,
        "nested": {"of": ["ann@x.de", {"deep": "10.0.0.1"}, None, True]},
    }
    redaction = Redaction((Rule("number", r"\d{8}"),))
    expected = record | {
        "message": "In home: no <email-1>",
        "nested": {"of": ["<email-1>", {"deep": "<ip-1>"}, None, True]},
    }
    found = Redactor(redaction).record(record)
    assert (expected, list(expected)) == (found, list(found))


def test_redactor_believes_no_id_that_does_not_look_like_one() -> None:
    """An app may give a field of that name itself."""
    assert {"user_id": "<email-1>"} == Redactor().record({"user_id": "ann@x.de"})


def test_redactor_takes_rules_and_exceptions_of_the_app() -> None:
    """The app's own rules run with ours; what is allowed stays in any case."""
    rule = Rule("customer", r"customer (?P<hit>C-\d{4})")
    redactor = Redactor(Redaction((rule,), ("Support@Example.com",)))
    told = redactor.text("customer C-1234, ann@x.de, support@example.com, C-1234")
    assert "customer <customer-1>, <email-1>, support@example.com, C-1234" == told


def test_redactor_without_the_built_in_rules() -> None:
    """Only the app's own run."""
    redaction = Redaction((Rule("customer", r"C-\d{4}"),), built_in=False)
    assert "<customer-1> ann@x.de" == Redactor(redaction).text("C-1234 ann@x.de")


def test_redactor_asks_what_a_rule_says_of_a_hit() -> None:
    """``valid`` decides."""
    rule = Rule("even", r"\d{1,9}", valid=lambda hit: int(hit) % 2 == 0)
    assert "1 <even-1> 3" == Redactor(Redaction((rule,))).text("1 2 3")


def test_redactor_uses_what_was_configured() -> None:
    """Where it is given nothing, the process's own choice counts."""
    configure(redaction=Redaction((Rule("customer", r"C-\d{4}"),)))
    assert "<customer-1>" == Redactor().text("C-1234")


def test_redactor_whose_rule_fails_leaves_nothing_of_the_text() -> None:
    """The failure is counted, never raised; other texts are not concerned."""
    rule = Rule("bad", "b", valid=lambda hit: 1 / 0 > 0)
    redactor = Redactor(Redaction((rule,)))
    assert [FAILED, "ann"] == [redactor.text("bob"), redactor.text("ann")]
    assert {"redaction: ZeroDivisionError": 1} == audit_stats().internal_failures
    assert FAILED == Redactor().text(FAILED)
