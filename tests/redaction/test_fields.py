"""A field's name tells what its value is, at hand-over."""

from __future__ import annotations

from typing import Any

import pytest

from datatools_audit import Redaction, Rule
from datatools_audit.redaction.fields import rule_of
from datatools_audit.redaction.redactor import Redactor
from datatools_audit.support.bundle import files
from tests.support.made import line, previewed, session_lines

SECRET = "plain words only"


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        *[("password", n) for n in ("password", "PGPASSWORD", "dbPassword", "db_passwd", "pwd")],
        *[("password", n) for n in ("passphrase", "pass_phrase", "passcode", "pw", "password-2")],
        *[("password", n) for n in ("Kennwort", "password_hash", "password-confirm", "passwords")],
        *[("secret", n) for n in ("secret", "clientSecret", "private_key", "PRIVATE-KEY")],
        *[("token", n) for n in ("token", "api_key", "apiKey", "APIKEY", "X-Api-Key", "api key")],
        *[("token", n) for n in ("access_token", "AWS_ACCESS_KEY_ID", "secret_key", "credentials")],
        *[("authorization", n) for n in ("authorization", "Proxy-Authorization")],
        *[("cookie", n) for n in ("cookie", "Set-Cookie", "cookies")],
        *[("phone", n) for n in ("phone", "phoneNumber", "phone_number", "Telefonnummer")],
        *[("card", n) for n in ("card_number", "cardNumber", "cvv")],
    ],
)
def test_fields_names_that_tell(rule: str, name: str) -> None:
    """Written in any of the usual ways, with something before it or a number behind."""
    assert rule == rule_of(name)


@pytest.mark.parametrize(
    "name",
    [
        *("key", "keys", "tokens", "max_tokens", "support_code", "run_id", "upload_id", "session"),
        *("passed", "n_pass_rows", "bypass", "password_length", "secretary", "keyboard", "card"),
        *("primary_key", "foreign_key", "sort_key", "compass", "headphones", "user", "title", ""),
        "token" * 100,
    ],
)
def test_fields_names_that_tell_nothing(name: str) -> None:
    """A word with one of ours in it is another word."""
    assert rule_of(name) is None


def test_fields_of_a_record_are_known_by_their_names() -> None:
    """However deep, in lists too; names and what is told by nothing stay."""
    found = Redactor().record(
        {
            "password": SECRET,
            "nested": {"api_key": SECRET, "db": {"passwd": SECRET, "host": "db"}},
            "headers": [{"Cookie": SECRET, "Accept": "*/*"}],
            "authorization": {"scheme": SECRET},
            "phone_number": 5551234567,
            "card_number": "4111 1111 1111 1112",
            "pair": {"name": "password", "value": SECRET},
        }
    )
    assert {
        "password": "<password-1>",
        "nested": {"api_key": "<token-1>", "db": {"passwd": "<password-1>", "host": "db"}},
        "headers": [{"Cookie": "<cookie-1>", "Accept": "*/*"}],
        "authorization": {"scheme": "<authorization-1>"},
        "phone_number": "<phone-1>",
        "card_number": "<card-1>",
        "pair": {"name": "password", "value": "<password-1>"},
    } == found


@pytest.mark.parametrize(
    "record",
    [
        {"kind": "text_input", "label": "Name", "key": "name", "new": {"type": "str", "length": 7}},
        {"key": "db_password", "new": {"type": "str", "length": 7}, "old": None},
        {"tokens": 12, "max_tokens": 4096, "support_code": "E-H8ME3S", "password": None},
        {"password": "", "secret": False, "token": "<token>", "phone": "not given", "cvv": "-"},
        {"password": 8, "token": "<user-1>", "secret": "<left out>"},
    ],
)
def test_fields_that_hold_nothing_of_the_kind_stay(record: dict[str, Any]) -> None:
    """A size, a count, a name in brackets, nothing at all."""
    assert record == Redactor().record(record)


def test_fields_of_a_widget_are_known_by_its_key_or_label() -> None:
    """Where an app records values, the field of a key is one."""
    given = {"kind": "text_input", "label": "API key", "key": "k1", "old": "", "new": SECRET}
    assert given | {"new": "<token-1>"} == Redactor().record(given)


def test_fields_count_and_heed_what_stays() -> None:
    """One count for each; a text of the allow-list stays; so does all without our rules."""
    redactor = Redactor(Redaction(allow=("example",)))
    assert {"password": "Example", "pwd": "<password-1>"} == redactor.record(
        {"password": "Example", "pwd": SECRET}
    )
    assert {"password": 1} == redactor.counts
    off = Redactor(Redaction((Rule("x", "x9"),), built_in=False))
    assert {"password": SECRET} == off.record({"password": SECRET})


def test_fields_of_a_bundle_are_known_by_their_names() -> None:
    """In its records and in the app's part of the environment; the same value, the same name."""
    lines = [*session_lines(), line(10, "login", "x", password=SECRET, deep={"api_key": SECRET})]
    kept = files(previewed(lines), {"extra": {"db": {"password": SECRET}}, "session": "a@x.de"})
    assert SECRET not in repr(kept)
    assert b'"password": "<password-1>"' in kept["environment.json"]
    assert b"a@x.de" not in kept["environment.json"]
